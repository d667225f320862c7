import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { CommandResultSchema, ErrorCode, type SendRequest, SendRequestSchema } from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import { commandsOf, enqueue, fill } from "./outbox.ts";
import {
  afterError,
  afterHello,
  afterResponse,
  dueAt,
  idleSending,
  type Sending,
  type SendingContext,
  withCalls,
} from "./sending.ts";
import { SignalingError } from "./signaling-error.ts";
import { errorOf, type Refusal } from "./testing/loopback-faults.ts";
import { sampleActions } from "./testing/samples.ts";
import { defaultLimits, defaultTiming } from "./timing.ts";

const ctx: SendingContext = { now: 1_000, random: 0.5, cursor: 0n, timing: defaultTiming };
const calls = [{ callId: "ab".repeat(16), mediaAlive: true }];
const hello = {
  epoch: new Uint8Array(8).fill(1),
  sameEpoch: false,
  resumed: false,
  offset: 40n,
  lastSeq: 0n,
  limits: defaultLimits,
};

function carrying(): { sending: Sending; request: SendRequest } {
  const [outbox] = fill(enqueue(idleSending.outbox, sampleActions.end("1"))[0], defaultLimits);
  const request = create(SendRequestSchema, { commands: [...commandsOf(outbox)] });
  return { sending: { ...afterHello(idleSending, hello), outbox }, request };
}

describe("a request is due", () => {
  const up = afterHello(idleSending, hello);
  test.each([
    ["never with nothing to say", up, 40n, Number.POSITIVE_INFINITY],
    ["at once for a command", carrying().sending, 40n, 0],
    ["at once for the first beat of a call", withCalls(up, calls, 700), 40n, 700],
    ["after the pause that a failure asked for", { ...carrying().sending, retryAt: 900 }, 40n, 900],
    ["five seconds after an event", { ...up, acks: { acked: 40n, since: 100 } }, 41n, 5_100],
  ] as const)("%s", (_name, sending, cursor, at) => {
    expect(dueAt(sending, cursor, defaultTiming)).toEqual(at);
  });
});

test("a snapshot stands for everything up to its top", () => {
  expect(afterHello(idleSending, hello).acks).toEqual({ acked: 40n, since: undefined });
});

test("the next beat is five seconds after the answer to the last one", () => {
  const request = create(SendRequestSchema, { heartbeat: {} });
  const { sending } = afterResponse(withCalls(idleSending, calls, 0), request, [], ctx);
  expect(dueAt(sending, 0n, defaultTiming)).toEqual(6_000);
});

test("an answer that answers nothing is followed by a pause, not by a storm", () => {
  const { sending, request } = carrying();
  const step = afterResponse(sending, request, [create(CommandResultSchema, { clientSeq: 9n })], ctx);
  expect([step.sending.retryAt, step.sending.failures, step.outcomes]).toEqual([1_250, 1, []]);
});

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
    "a revoked token is the link's matter",
    { code: Code.PermissionDenied, errorCode: ErrorCode.TOKEN_REVOKED },
    { retryAt: 1_250, left: 1, sessionError: "not-allowed" },
  ],
])("%s", (_name, refusal, expected) => {
  const { sending, request } = carrying();
  const step = afterError(sending, request, SignalingError.from(errorOf(refusal)), ctx);
  expect({
    retryAt: step.sending.retryAt,
    left: step.sending.outbox.batch.length,
    sessionError: step.sessionError?.code,
  }).toEqual({
    sessionError: undefined,
    ...expected,
  });
});

test("a number that the server does not expect is corrected at once the first time, then with a pause", () => {
  const { sending, request } = carrying();
  const ahead: Sending = { ...sending, outbox: { ...sending.outbox, nextSeq: 5n } };
  const refusal = errorOf({ code: Code.OutOfRange, errorCode: ErrorCode.OUT_OF_ORDER, expectedSeq: 2n });
  const first = afterError(ahead, request, SignalingError.from(refusal), ctx).sending;
  const second = afterError(first, request, SignalingError.from(refusal), ctx).sending;
  expect([first.outbox.nextSeq, first.retryAt, second.outbox.nextSeq, second.retryAt]).toEqual([
    2n,
    0,
    2n,
    1_500,
  ]);
});
