import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorCode, type Error as ErrorDetail, ErrorSchema } from "@peerline/protocol";
import { codeTable } from "./codes.ts";
import { ServerError, wireCode } from "./server-error.ts";

const maxTextBytes = 1024;
const maxFieldBytes = 256;

/** The `Error` message of a refusal: detail of a Connect error, or part of a command's result. PROTOCOL 1.10. */
export function errorDetail(error: ServerError): ErrorDetail {
  const { field, retryAfterMs, expectedSeq, protocolMin, protocolMax } = error.fields;
  const detail = create(ErrorSchema, {
    code: wireCode(error.code),
    text: error.message.slice(0, maxTextBytes),
  });
  if (field !== undefined) detail.field = field.slice(0, maxFieldBytes);
  if (retryAfterMs !== undefined) detail.retryAfter = durationFromMs(Math.ceil(retryAfterMs));
  if (expectedSeq !== undefined) detail.expectedSeq = BigInt(expectedSeq);
  if (protocolMin !== undefined) detail.protocolMin = protocolMin;
  if (protocolMax !== undefined) detail.protocolMax = protocolMax;
  return detail;
}

/** Any thrown value as a Connect error that carries an `Error` detail. What is not ours reveals nothing. */
export function toConnectError(reason: unknown): ConnectError {
  if (reason instanceof ConnectError) return withDetail(reason);
  const error = ServerError.from(reason);
  const code =
    error.code in codeTable ? codeTable[error.code as keyof typeof codeTable].connect : Code.Internal;
  const detail = errorDetail(error);
  return new ConnectError(
    error.message,
    code,
    undefined,
    [{ desc: ErrorSchema, value: detail }],
    error.cause,
  );
}

function withDetail(error: ConnectError): ConnectError {
  if (error.findDetails(ErrorSchema).length > 0) return error;
  const detail = { code: guessCode(error.code), text: error.rawMessage.slice(0, maxTextBytes) };
  error.details.push({ desc: ErrorSchema, value: detail });
  return error;
}

function guessCode(code: Code): ErrorCode {
  if (code === Code.InvalidArgument) return ErrorCode.MALFORMED;
  if (code === Code.ResourceExhausted) return ErrorCode.TOO_LARGE;
  return code === Code.Unimplemented ? ErrorCode.UNIMPLEMENTED : ErrorCode.UNSPECIFIED;
}
