import { Code } from "@connectrpc/connect";
import { ErrorCode } from "@peerline/protocol";

/** Connect code and `Error.code` of each refusal. PROTOCOL 1.10. */
export const codeTable = {
  unauthenticated: { connect: Code.Unauthenticated, wire: ErrorCode.TOKEN_EXPIRED },
  revoked: { connect: Code.PermissionDenied, wire: ErrorCode.TOKEN_REVOKED },
  "not-allowed": { connect: Code.PermissionDenied, wire: ErrorCode.NOT_ALLOWED },
  "unsupported-version": { connect: Code.FailedPrecondition, wire: ErrorCode.UNSUPPORTED_VERSION },
  "session-lost": { connect: Code.FailedPrecondition, wire: ErrorCode.SESSION_LOST },
  superseded: { connect: Code.Aborted, wire: ErrorCode.SUPERSEDED },
  repeated: { connect: Code.Aborted, wire: ErrorCode.REPEATED },
  "out-of-order": { connect: Code.OutOfRange, wire: ErrorCode.OUT_OF_ORDER },
  malformed: { connect: Code.InvalidArgument, wire: ErrorCode.MALFORMED },
  "too-large": { connect: Code.InvalidArgument, wire: ErrorCode.TOO_LARGE },
  "rate-limited": { connect: Code.ResourceExhausted, wire: ErrorCode.RATE_LIMITED },
  "slow-consumer": { connect: Code.ResourceExhausted, wire: ErrorCode.SLOW_CONSUMER },
  "no-such-call": { connect: Code.NotFound, wire: ErrorCode.NO_SUCH_CALL },
  "bad-ticket": { connect: Code.PermissionDenied, wire: ErrorCode.BAD_TICKET },
  overloaded: { connect: Code.Unavailable, wire: ErrorCode.OVERLOADED },
  "store-unavailable": { connect: Code.Unavailable, wire: ErrorCode.STORE_UNAVAILABLE },
  "shutting-down": { connect: Code.Unavailable, wire: ErrorCode.SHUTTING_DOWN },
  unimplemented: { connect: Code.Unimplemented, wire: ErrorCode.UNIMPLEMENTED },
  /** The application's own code failed, and the log has said so. */
  "application-failed": { connect: Code.Internal, wire: ErrorCode.UNSPECIFIED },
  internal: { connect: Code.Internal, wire: ErrorCode.UNSPECIFIED },
} as const;
