import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorCode, ErrorSchema, SendRequestSchema } from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import { afterError, type Sending } from "./sending.ts";
import { SignalingError } from "./signaling-error.ts";
import { errorOf, type Refusal } from "./testing/loopback-faults.ts";
import { sampleCalls as calls, carrying, sendingContext as ctx } from "./testing/sending-script.ts";

test.each<[string, Refusal, Partial<Record<"retryAt" | "left" | "sessionError", unknown>>]>([
  ["an unreachable server is tried again later", { code: Code.Unavailable }, { retryAt: 1_250, left: 1 }],
  [
    "a server that asks for time gets it",
    { code: Code.ResourceExhausted, errorCode: ErrorCode.RATE_LIMITED, retryAfterMs: 3_000 },
    { retryAt: 4_000, left: 1 },
  ],
  ["a malformed command is dropped", { code: Code.InvalidArgument }, { retryAt: 0, left: 0 }],
  [
    "an unknown call is final",
    { code: Code.NotFound, errorCode: ErrorCode.NO_SUCH_CALL },
    { retryAt: 0, left: 0 },
  ],
  [
    "a forbidden command is final",
    { code: Code.PermissionDenied, errorCode: ErrorCode.NOT_ALLOWED },
    { retryAt: 0, left: 0 },
  ],
  ["a proxy's refusal is not", { code: Code.PermissionDenied }, { retryAt: 1_250, left: 1 }],
  ["a bug of the server is tried again", { code: Code.Internal }, { retryAt: 1_250, left: 1 }],
  [
    "a lost session is the link's matter",
    { code: Code.FailedPrecondition, errorCode: ErrorCode.SESSION_LOST },
    { retryAt: 1_250, left: 1, sessionError: "session-lost" },
  ],
  [
    "a refused token is the link's matter",
    { code: Code.Unauthenticated, errorCode: ErrorCode.TOKEN_EXPIRED },
    { retryAt: 1_250, left: 1, sessionError: "unauthenticated" },
  ],
  [
    "another owner of the endpoint is the link's matter",
    { code: Code.Aborted, errorCode: ErrorCode.SUPERSEDED },
    { retryAt: 1_250, left: 1, sessionError: "superseded" },
  ],
  [
    "a version that the server does not speak is the link's matter",
    { code: Code.FailedPrecondition, errorCode: ErrorCode.UNSUPPORTED_VERSION },
    { retryAt: 1_250, left: 1, sessionError: "unsupported-version" },
  ],
  [
    "a revoked token is the link's matter",
    { code: Code.PermissionDenied, errorCode: ErrorCode.TOKEN_REVOKED },
    { retryAt: 1_250, left: 1, sessionError: "not-allowed" },
  ],
])("%s", (_name, refusal, expected) => {
  const { sending, request } = carrying();
  const step = afterError(sending, request, SignalingError.from(errorOf(refusal)), ctx);
  expect(step.sessionError ? step.outcomes : []).toEqual([]);
  expect({
    retryAt: step.sending.retryAt,
    left: step.sending.outbox.batch.length,
    sessionError: step.sessionError?.code,
  }).toEqual({
    sessionError: undefined,
    ...expected,
  });
});

describe("a request that fails", () => {
  const { sending, request } = carrying();
  const paused: Sending = { ...sending, failures: 1, retryAt: 1_250 };
  const failure = (refusal: Refusal) => SignalingError.from(errorOf(refusal));

  test("is repeated as it is after the backoff, with no outcome yet", () => {
    const error = failure({ code: Code.Unavailable });
    expect(afterError(sending, request, error, ctx)).toEqual({ sending: paused, outcomes: [] });
  });

  test("in a call is repeated at once the first time", () => {
    const error = failure({ code: Code.Unavailable });
    const inCall: Sending = { ...sending, calls };
    expect(afterError(inCall, request, error, ctx)).toEqual({
      sending: { ...inCall, failures: 1, retryAt: 1_000 },
      outcomes: [],
    });
  });

  test("and carried no command lets the next beat wait, whatever the reason", () => {
    const beat = create(SendRequestSchema, { heartbeat: {} });
    const late: Sending = { ...paused, heartbeatAt: 6_000 };
    const reasons = [{ code: Code.Unavailable }, { code: Code.InvalidArgument }, { code: Code.Internal }];
    expect(reasons.map((refusal) => afterError(sending, beat, failure(refusal), ctx))).toEqual(
      reasons.map(() => ({ sending: late, outcomes: [] })),
    );
  });

  test("for what the server says is wrong with the command gives the command that answer", () => {
    const known = failure({ code: Code.NotFound, errorCode: ErrorCode.NO_SUCH_CALL });
    const inferred = failure({ code: Code.InvalidArgument });
    const codes = [known, inferred].map((error) =>
      afterError(sending, request, error, ctx).outcomes.map(({ result }) => result.error?.code),
    );
    expect(codes).toEqual([[ErrorCode.NO_SUCH_CALL], [ErrorCode.MALFORMED]]);
  });

  test("three times by a bug of the server drops the command", () => {
    const error = failure({ code: Code.Internal });
    const first = afterError(sending, request, error, ctx);
    const second = afterError(first.sending, request, error, ctx);
    const third = afterError(second.sending, request, error, ctx);
    expect(
      [first, second, third].map((step) => [step.sending.outbox.batch.length, step.outcomes.length]),
    ).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
  });
});

describe("a number that the server does not expect", () => {
  const { sending, request } = carrying();
  const ahead: Sending = { ...sending, outbox: { ...sending.outbox, nextSeq: 5n } };
  const paused: Sending = { ...ahead, failures: 1, retryAt: 1_250 };
  const said = (expectedSeq: bigint) =>
    SignalingError.from(errorOf({ code: Code.OutOfRange, errorCode: ErrorCode.OUT_OF_ORDER, expectedSeq }));

  test.each([
    ["although it is the batch's own is followed by a pause", said(5n)],
    ["and does not name is followed by a pause", new SignalingError("out-of-order", "x")],
    [
      "is not read from another answer",
      new SignalingError("rate-limited", "x", {
        detail: create(ErrorSchema, { code: ErrorCode.RATE_LIMITED, expectedSeq: 2n }),
      }),
    ],
  ])("%s", (_name, error) => {
    expect(afterError(ahead, request, error, ctx)).toEqual({ sending: paused, outcomes: [] });
  });

  test("is corrected at once, and a second time in a row with a pause", () => {
    const first = afterError(ahead, request, said(3n), ctx);
    const outbox = (nextSeq: bigint) => ({ ...sending.outbox, nextSeq });
    expect(first).toEqual({ sending: { ...paused, outbox: outbox(3n), retryAt: 0 }, outcomes: [] });
    expect(afterError(first.sending, request, said(2n), ctx)).toEqual({
      sending: { ...paused, outbox: outbox(2n), failures: 2, retryAt: 1_500 },
      outcomes: [],
    });
  });
});

test("a captive portal that answers in the server's place, with whatever status, drops no command", () => {
  const { request, ...begun } = carrying();
  const statuses = [Code.Internal, Code.PermissionDenied, Code.Unimplemented, Code.Unauthenticated];
  const answers = [...statuses, ...statuses].map(
    (code) => new ConnectError("HTTP", code, { "content-type": "text/html" }),
  );
  const end = answers.reduce<{ sending: Sending; told: unknown[] }>(
    ({ sending, told }, answer) => {
      const step = afterError(sending, request, SignalingError.from(answer), ctx);
      return {
        sending: step.sending,
        told: [...told, ...step.outcomes, ...(step.sessionError ? [answer] : [])],
      };
    },
    { ...begun, told: [] },
  );
  expect([end.told, end.sending.outbox, end.sending.failures]).toEqual([[], begun.sending.outbox, 8]);
});
