import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorCode } from "@peerline/protocol";
import { expect, test } from "vitest";
import { SignalingError } from "./signaling-error.ts";
import { errorOf } from "./testing/loopback-faults.ts";

test.each([
  [
    "a refused token",
    errorOf({ code: Code.Unauthenticated, errorCode: ErrorCode.TOKEN_EXPIRED }),
    "unauthenticated",
  ],
  [
    "a revoked token",
    errorOf({ code: Code.PermissionDenied, errorCode: ErrorCode.TOKEN_REVOKED }),
    "not-allowed",
  ],
  [
    "another version",
    errorOf({ code: Code.FailedPrecondition, errorCode: ErrorCode.UNSUPPORTED_VERSION }),
    "unsupported-version",
  ],
  [
    "a lost session",
    errorOf({ code: Code.FailedPrecondition, errorCode: ErrorCode.SESSION_LOST }),
    "session-lost",
  ],
  [
    "a request that came twice",
    errorOf({ code: Code.Aborted, errorCode: ErrorCode.REPEATED }),
    "unavailable",
  ],
  ["a newer stream", errorOf({ code: Code.Aborted, errorCode: ErrorCode.SUPERSEDED }), "superseded"],
  [
    "a hole in the numbers",
    errorOf({ code: Code.OutOfRange, errorCode: ErrorCode.OUT_OF_ORDER }),
    "out-of-order",
  ],
  ["a malformed command", errorOf({ code: Code.InvalidArgument }), "refused"],
  ["an unknown call", errorOf({ code: Code.NotFound, errorCode: ErrorCode.NO_SUCH_CALL }), "refused"],
  [
    "too many requests",
    errorOf({ code: Code.ResourceExhausted, errorCode: ErrorCode.RATE_LIMITED }),
    "rate-limited",
  ],
  [
    "a slow reader",
    errorOf({ code: Code.ResourceExhausted, errorCode: ErrorCode.SLOW_CONSUMER }),
    "unavailable",
  ],
  [
    "a server that shuts down",
    errorOf({ code: Code.Unavailable, errorCode: ErrorCode.SHUTTING_DOWN }),
    "unavailable",
  ],
  ["a bug", errorOf({ code: Code.Internal }), "internal"],
  [
    "a page of a captive portal",
    new ConnectError("unsupported content type text/html", Code.Unknown),
    "unavailable",
  ],
  [
    "a page instead of a refusal",
    answered(Code.PermissionDenied, "text/html; charset=utf-8"),
    "wrong-server",
  ],
  ["a page instead of a sign-in", answered(Code.Unauthenticated, "text/html"), "wrong-server"],
  ["a page at an address where nothing is", answered(Code.Unimplemented, "text/plain"), "wrong-server"],
  ["a proxy that takes no such request", answered(Code.Internal, "text/html"), "wrong-server"],
  ["a proxy whose server is away", answered(Code.Unavailable, "text/html"), "unavailable"],
  ["an answer without a content type", answered(Code.PermissionDenied), "wrong-server"],
  ["a refusal in JSON", answered(Code.PermissionDenied, "application/json"), "not-allowed"],
  [
    "a refusal at the end of a stream",
    answered(Code.PermissionDenied, "application/connect+proto"),
    "not-allowed",
  ],
  ["a refusal by gRPC", answered(Code.PermissionDenied, "application/grpc+proto"), "not-allowed"],
  ["a path that a server does not have", answered(Code.Unimplemented, "application/json"), "misconfigured"],
  ["an address where nothing of this is served", errorOf({ code: Code.Unimplemented }), "misconfigured"],
  ["a broken network", new TypeError("fetch failed"), "unavailable"],
  ["a cut stream", "missing EndStreamResponse", "unavailable"],
  [
    "a newer server's error code",
    errorOf({ code: Code.Unavailable, errorCode: 999 as ErrorCode }),
    "unavailable",
  ],
])("%s is known for what to do about it", (_name, reason, code) => {
  expect(SignalingError.from(reason).code).toEqual(code);
});

/** What Connect makes of an HTTP answer with a status that is not 200. */
function answered(code: Code, contentType?: string): ConnectError {
  const headers = { date: "now", ...(contentType && { "content-type": contentType }) };
  return new ConnectError("HTTP", code, headers);
}

test.each([
  ["nothing", "", "internal"],
  ["nothing to see", "\u200b\u202e", "internal"],
  ["a text that turns the rest around", "\u202eyalc\u0000", "yalc"],
])("of an error that says %s the message is fit to be shown", (_, said, message) => {
  expect(SignalingError.from(new ConnectError(said, Code.Internal)).message).toBe(message);
});

test("an answer that is not the server's says what it was", () => {
  const { message, detail } = SignalingError.from(answered(Code.PermissionDenied, "text/html"));
  expect([message, detail]).toEqual(["HTTP, text/html", undefined]);
});

test("the server's wait and the cause are kept", () => {
  const cause = errorOf({
    code: Code.ResourceExhausted,
    errorCode: ErrorCode.RATE_LIMITED,
    retryAfterMs: 1_500,
  });
  const error = SignalingError.from(cause);
  expect([error.retryAfterMs, error.cause, SignalingError.from(error)]).toEqual([1_500, cause, error]);
});
