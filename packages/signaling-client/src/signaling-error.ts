import { Code, ConnectError } from "@connectrpc/connect";
import { textFrom } from "@peerline/call-machine/wire";
import { ErrorCode, type Error as ErrorDetail, ErrorSchema } from "@peerline/protocol";
import { lengthMs, longestPauseMs } from "./server-length.ts";

/**
 * Why an exchange with the server failed, by what a client does about it. PROTOCOL 1.10.
 * `unauthenticated`: get a token. `not-allowed`, `unsupported-version`, `superseded`, `misconfigured`: stop.
 * `session-lost`: receive a snapshot. `out-of-order`: rewind. `refused`: drop the command. `rate-limited`,
 * `unavailable`, `wrong-server` (something else answered), `no-token` (`getToken` failed): wait and repeat. `bad-user`: stop, the
 * name cannot be signed in with. `internal`: repeat a few times. `invalid-options`: the caller's mistake.
 */
export type SignalingErrorCode =
  | "unauthenticated"
  | "not-allowed"
  | "unsupported-version"
  | "superseded"
  | "misconfigured"
  | "session-lost"
  | "out-of-order"
  | "refused"
  | "rate-limited"
  | "unavailable"
  | "wrong-server"
  | "no-token"
  | "bad-user"
  | "internal"
  | "invalid-options";

export interface SignalingErrorInit {
  readonly cause?: unknown;
  /** The server's own word, when it gave one. */
  readonly detail?: ErrorDetail | undefined;
}

/** The one error class of this package. An application's `getToken` throws `unauthenticated` to end the session. */
export class SignalingError extends Error {
  readonly code: SignalingErrorCode;
  /** Set when a Peerline server said so itself; unset when it was inferred from a broken exchange. */
  readonly detail: ErrorDetail | undefined;

  constructor(code: SignalingErrorCode, message: string, init: SignalingErrorInit = {}) {
    super(message, init.cause === undefined ? {} : { cause: init.cause });
    this.name = "SignalingError";
    this.code = code;
    this.detail = init.detail;
  }

  /**
   * Anything that was thrown, as a SignalingError: never throws. What is unknown is `unavailable`, and so is the answer of
   * something between here and the server, whatever its status: a captive portal's page is no refusal. PROTOCOL 2.7 row 68. The
   * message is fit to be shown; without one it is the code.
   */
  static from(reason: unknown): SignalingError {
    if (reason instanceof SignalingError) return reason;
    const error = ConnectError.from(reason);
    const detail = error.findDetails(ErrorSchema)[0];
    if (!detail && isForeign(error)) return foreign(error);
    const code = (detail && byDetail.get(detail.code)) ?? byConnectCode.get(error.code) ?? "unavailable";
    const said = textFrom(detail?.text || error.rawMessage) ?? code;
    return new SignalingError(code, said, { cause: reason, detail });
  }

  /** The shortest wait that the server asks for, in ms, at most 5 min; 0 when it asks for none. */
  get retryAfterMs(): number {
    return lengthMs(this.detail?.retryAfter, longestPauseMs) ?? 0;
  }
}

/** What Connect, gRPC and gRPC-web answer with, in every encoding. */
const ownContentType = /^application\/(?:json|proto|connect\+|grpc)/i;

/** An HTTP answer that speaks none of the protocols. Its status stands in for a code and means nothing. */
function isForeign({ metadata }: ConnectError): boolean {
  const isAnswer = !metadata.keys().next().done;
  return isAnswer && !ownContentType.test(metadata.get("content-type") ?? "");
}

/** HTTP 502, 503 and 504 are a proxy's, whose server is away for now. */
function foreign(error: ConnectError): SignalingError {
  const type = error.metadata.get("content-type")?.slice(0, maxTypeLength) ?? "no content type";
  const code = error.code === Code.Unavailable ? "unavailable" : "wrong-server";
  return new SignalingError(code, `${error.rawMessage}, ${type}`, { cause: error });
}

const maxTypeLength = 64;

const byDetail = new Map<ErrorCode, SignalingErrorCode>([
  [ErrorCode.UNSUPPORTED_VERSION, "unsupported-version"],
  [ErrorCode.SESSION_LOST, "session-lost"],
  [ErrorCode.SUPERSEDED, "superseded"],
  [ErrorCode.OUT_OF_ORDER, "out-of-order"],
  [ErrorCode.TOKEN_EXPIRED, "unauthenticated"],
  [ErrorCode.TOKEN_REVOKED, "not-allowed"],
  [ErrorCode.NOT_ALLOWED, "not-allowed"],
  [ErrorCode.RATE_LIMITED, "rate-limited"],
  [ErrorCode.TOO_LARGE, "refused"],
  [ErrorCode.MALFORMED, "refused"],
  [ErrorCode.NO_SUCH_CALL, "refused"],
  [ErrorCode.NOT_A_PARTY, "refused"],
  [ErrorCode.UNSUPPORTED_EXTENSION, "refused"],
  [ErrorCode.BAD_TICKET, "refused"],
  [ErrorCode.UNIMPLEMENTED, "refused"],
  [ErrorCode.REPEATED, "unavailable"],
  [ErrorCode.SLOW_CONSUMER, "unavailable"],
  [ErrorCode.SHUTTING_DOWN, "unavailable"],
  [ErrorCode.OVERLOADED, "unavailable"],
  [ErrorCode.STORE_UNAVAILABLE, "unavailable"],
]);

const byConnectCode = new Map<Code, SignalingErrorCode>([
  [Code.Unauthenticated, "unauthenticated"],
  [Code.PermissionDenied, "not-allowed"],
  [Code.InvalidArgument, "refused"],
  [Code.Unimplemented, "misconfigured"],
  [Code.ResourceExhausted, "rate-limited"],
  [Code.Internal, "internal"],
  [Code.DataLoss, "internal"],
]);
