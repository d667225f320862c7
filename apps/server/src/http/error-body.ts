import { errorToJson } from "@connectrpc/connect/protocol-connect";
import { ServerError, type ServerErrorCode } from "../errors/server-error.ts";
import { toConnectError } from "../errors/to-connect.ts";

/** A refusal as the JSON body of a Connect error. */
export function errorBody(code: ServerErrorCode, text: string): unknown {
  return errorToJson(toConnectError(new ServerError(code, text)), undefined);
}
