import { create } from "@bufbuild/protobuf";
import { CommandResultSchema, EventSchema, HeartbeatSchema, SendRequestSchema } from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import { enqueue, fill } from "./outbox.ts";
import {
  afterEvent,
  afterHello,
  afterResponse,
  dueAt,
  heartbeatOf,
  idleSending,
  type Sending,
  withCalls,
} from "./sending.ts";
import { sampleActions, sampleCallId } from "./testing/samples.ts";
import {
  sampleCalls as calls,
  carrying,
  sendingContext as ctx,
  sampleHello as hello,
} from "./testing/sending-script.ts";
import { defaultLimits, defaultTiming } from "./timing.ts";

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

test("a heartbeat keeps the leases of all calls, and there is none without a call", () => {
  const health = [...calls, { callId: "cd".repeat(16), mediaAlive: false }];
  expect(heartbeatOf(idleSending)).toBeUndefined();
  expect(heartbeatOf(withCalls(idleSending, health, 0))).toEqual(
    create(HeartbeatSchema, {
      calls: [
        { callId: new Uint8Array(16).fill(0xab), mediaAlive: true },
        { callId: new Uint8Array(16).fill(0xcd), mediaAlive: false },
      ],
    }),
  );
});

test.each([
  ["that begins beats at once", [], calls, 700],
  ["that goes on keeps its beat", calls, calls, 5_000],
  ["that is over leaves the beat alone", calls, [], 5_000],
  ["that there is not leaves the beat alone", [], [], 5_000],
])("a call %s", (_name, before, after, heartbeatAt) => {
  const sending: Sending = { ...idleSending, calls: before, heartbeatAt: 5_000 };
  expect(withCalls(sending, after, 700)).toEqual({ ...sending, calls: after, heartbeatAt });
});

test("an answer to commands, or to a beat alone, forgives the failures before it", () => {
  const { sending, request } = carrying();
  const failing: Sending = { ...sending, failures: 3, retryAt: 900 };
  const beat = create(SendRequestSchema, { heartbeat: {}, ackOffset: 40n });
  const results = [create(CommandResultSchema, { clientSeq: 1n, applied: true })];
  const forgiven: Sending = { ...failing, failures: 0, acks: { acked: 40n, since: undefined } };
  const [answered, kept] = [
    afterResponse(failing, { ...request, ackOffset: 40n }, results, ctx),
    afterResponse(failing, beat, [], ctx),
  ];
  expect(answered).toEqual({
    sending: { ...forgiven, outbox: { ...sending.outbox, batch: [], nextSeq: 2n } },
    outcomes: [{ action: sampleActions.end("1"), result: results[0] }],
  });
  expect(kept).toEqual({ sending: { ...forgiven, heartbeatAt: 6_000 }, outcomes: [] });
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

test("an Accept without a result is not taken to a server that forgot that its call is over", () => {
  const [outbox] = fill(enqueue(idleSending.outbox, sampleActions.accept("1"))[0], defaultLimits);
  const begun: Sending = { ...afterHello(idleSending, hello), outbox };
  const ended = (call: string) =>
    create(EventSchema, { callId: sampleCallId(call), body: { case: "ended", value: {} } });
  const left = [ended("1"), ended("2"), create(EventSchema, { callId: sampleCallId("1") })].map(
    (event) => afterHello(afterEvent(begun, event, 500), hello).outbox.queue.length,
  );
  expect(left).toEqual([0, 1, 1]);
  expect(afterEvent(begun, ended("1"), 500)).toMatchObject({
    acks: { since: 500 },
    outbox: { batch: outbox.batch },
  });
});
