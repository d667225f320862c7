import type { ErrorCode } from "@peerline/protocol";
import { codeTable } from "./codes.ts";

/** Every way a request, or the start of the server, can be refused. PROTOCOL 1.10. */
export type ServerErrorCode = keyof typeof codeTable | "bad-config" | "port-in-use";

/** What a refusal may carry besides its text. */
export interface ServerErrorFields {
  /** Path of the offending field: "commands[0].invite.offer.sdp". */
  readonly field?: string;
  readonly retryAfterMs?: number;
  /** With `out-of-order`: the client_seq the server expects. */
  readonly expectedSeq?: number;
  /** For the log alone: a word of the server's own that tells apart what clients are told in the same words. */
  readonly reason?: string;
  readonly protocolMin?: number;
  readonly protocolMax?: number;
  readonly cause?: unknown;
}

/** The one error class of this package. `message` is for a developer and names the fix. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly code: ServerErrorCode;
  readonly fields: ServerErrorFields;

  constructor(code: ServerErrorCode, message: string, fields: ServerErrorFields = {}) {
    super(message, { cause: fields.cause });
    this.code = code;
    this.fields = fields;
  }

  /** The error itself when it is one of ours; anything else becomes `internal` and keeps its cause. */
  static from(reason: unknown): ServerError {
    if (reason instanceof ServerError) return reason;
    return new ServerError(
      "internal",
      "The server met a problem of its own. Try again; if it stays, tell the operator.",
      {
        cause: reason,
      },
    );
  }
}

/** A configuration with which the server does not start. The message names the setting and the fix, in one line. */
export function badConfig(message: string, cause?: unknown): ServerError {
  return new ServerError("bad-config", message, { cause });
}

/** The code of the `Error` detail; unspecified for the two that never leave the process. */
export function wireCode(code: ServerErrorCode): ErrorCode {
  return code in codeTable ? codeTable[code as keyof typeof codeTable].wire : 0;
}
