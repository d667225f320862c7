import { create, toBinary } from "@bufbuild/protobuf";
import { ChatMessageSchema, ControlFrameSchema, EndReason } from "@peerline/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeChat, encodeChat } from "./chat-message.ts";
import { connectionState, peerEventFor, readStates } from "./connection-states.ts";
import { decodeControl, encodeControl, maxFrameBytes } from "./control-frame.ts";
import { createDeadlines } from "./deadlines.ts";
import { PeerError } from "./peer-error.ts";
import { fullBucket, takeOne } from "./rate-limit.ts";
import { createSerialQueue, stepMs } from "./serial-queue.ts";
import { lookEveryMs } from "./silence.ts";
import { createFakeChannel } from "./testing/fake/channel.ts";
import { deadlineMs, pass } from "./testing/fake-call.ts";
import { createFakeNetwork, createManualClock, until } from "./testing/index.ts";

const callId = "00".repeat(15).concat("01");
const otherCall = "ff".repeat(16);

describe("the control channel", () => {
  test.each([
    { type: "bye", reason: "hung-up" },
    { type: "bye", reason: "media-lost" },
    { type: "mediaState", state: { revision: 1, microphone: true, camera: false, onHold: false } },
    { type: "mediaState", state: { revision: 7, microphone: false, camera: true, onHold: true } },
  ] as const)("carries %j there and back", (signal) => {
    expect(decodeControl(callId, encodeControl(callId, signal))).toEqual(signal);
  });

  test.each([
    ["of another call", encodeControl(otherCall, { type: "bye", reason: "hung-up" })],
    ["that is no message", new Uint8Array([255, 255, 255])],
    ["that is empty", new Uint8Array()],
    ["that is too long", new Uint8Array(maxFrameBytes + 1)],
    [
      "with revision 0",
      encodeControl(callId, {
        type: "mediaState",
        state: { revision: 0, microphone: true, camera: true, onHold: false },
      }),
    ],
  ])("ignores a frame %s", (_what, bytes) => {
    expect(decodeControl(callId, bytes)).toBeUndefined();
  });

  test("reads a bye without a reason, or with one of the future, as a hang-up", () => {
    const id = new Uint8Array(16);
    id[15] = 1;
    for (const reason of [EndReason.UNSPECIFIED, 999 as EndReason]) {
      const frame = create(ControlFrameSchema, { body: { case: "bye", value: { callId: id, reason } } });
      expect(decodeControl(callId, toBinary(ControlFrameSchema, frame))).toEqual({
        type: "bye",
        reason: "hung-up",
      });
    }
  });
});

describe("chat", () => {
  const chat = { id: otherCall, text: "grüß 👋", sentAt: 1_234 };

  test("goes there and back", () => {
    expect(decodeChat(encodeChat(chat))).toEqual(chat);
  });

  const frame = (text: string, seconds: bigint, nanos = 0) =>
    toBinary(
      ChatMessageSchema,
      create(ChatMessageSchema, { id: new Uint8Array(16), text, sentAt: { seconds, nanos } }),
    );

  test.each([
    [1_795_853_502_081_000n, 0],
    [-1n, 0],
    [1n, -1],
    [1n, 2_000_000_000],
    [2n ** 63n - 1n, 999_999_999],
  ])("of a peer whose clock says %s s and %s ns has no time", (seconds, nanos) => {
    expect(decodeChat(frame("hello", seconds, nanos))).toEqual({
      id: "00".repeat(16),
      text: "hello",
      sentAt: undefined,
    });
  });

  test("of a peer is shown without what would change the screen around it", () => {
    expect(decodeChat(frame("a\0b\u202ec\nd", 1n))?.text).toBe("abc\nd");
    expect(decodeChat(frame("\0\u202e", 1n))).toBeUndefined();
    expect(decodeChat(frame("x".repeat(8_193), 1n))).toBeUndefined();
    const invalid = frame("abc", 1n).map((byte) => (byte === 0x61 ? 0xff : byte));
    expect(decodeChat(invalid)).toBeUndefined();
  });

  test("and control frames of any bytes are read without an error", () => {
    const property = fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      decodeControl(callId, bytes);
      const chat = decodeChat(bytes);
      if (chat?.sentAt !== undefined) new Date(chat.sentAt).toISOString();
    });
    fc.assert(property, { seed: 3, numRuns: 2_000 });
  });

  test.each(["", "é".repeat(4_097)])("refuses to send a text of no or too many bytes", (text) => {
    const expected = expect.objectContaining({ code: "bad-chat-text" });
    expect(() => encodeChat({ ...chat, text })).toThrow(expected);
  });

  test.each([
    ["no message", new Uint8Array([1, 2, 3])],
    ["no text", encodeChat({ ...chat, text: "x" }).slice(0, 18)],
    ["too long", new Uint8Array(maxFrameBytes + 1)],
    ["no id", encodeChat({ ...chat, id: "" })],
  ])("ignores a frame: %s", (_what, bytes) => {
    expect(decodeChat(bytes)).toBeUndefined();
  });
});

const told = { type: "peer.connected", at: 5 } as const;
const interrupted = { type: "peer.interrupted" } as const;

test.each([
  ["connected", told, undefined, interrupted],
  ["connecting", undefined, undefined, interrupted],
  ["disconnected", interrupted, interrupted, interrupted],
  ["failed", { type: "peer.failed" }, { type: "peer.failed" }, { type: "peer.failed" }],
  ["closed", { type: "peer.stuck" }, { type: "peer.stuck" }, { type: "peer.stuck" }],
  ["new", undefined, undefined, undefined],
] as const)(
  "of a connection that is %s the machine is told by what its path does",
  (state, delivers, doubted, silent) => {
    const paths = ["delivers", "doubted", "silent"] as const;
    expect(paths.map((path) => peerEventFor(state, path, 5))).toEqual([delivers, doubted, silent]);
  },
);

test("a state that the standard does not have, or none at all, reads as the first one of its kind", () => {
  const strange = {
    signalingState: "odd",
    connectionState: "odd",
    iceConnectionState: null,
    iceGatheringState: 7,
  };
  const channel = createFakeChannel("control", 0, () => undefined);
  Object.defineProperty(channel, "readyState", { value: "odd" });
  const connection = createFakeNetwork().createConnection();
  for (const [name, value] of Object.entries(strange)) Object.defineProperty(connection, name, { value });
  expect(readStates(connection, { control: channel, chat: channel })).toEqual({
    connection: "new",
    iceConnection: "new",
    iceGathering: "new",
    signaling: "stable",
    control: "connecting",
    chat: "connecting",
  });
});

test.each([
  ["checking", "connecting"],
  ["connected", "connected"],
  ["completed", "connected"],
  ["disconnected", "disconnected"],
  ["failed", "failed"],
  ["new", "new"],
  ["closed", "closed"],
] as const)("without connectionState ICE's %s is %s", (iceConnectionState, state) => {
  expect(connectionState({ iceConnectionState })).toBe(state);
  expect(connectionState({ iceConnectionState, connectionState: "failed" })).toBe("failed");
});

test("a rate has so many at once and so many more a second, and a clock that goes back brings none", () => {
  let bucket = fullBucket;
  const taken = [0, 1, 2, 499, 502, 503, 9_000, 9_001, 9_002, 500].map((now) => {
    const [next, allowed] = takeOne(bucket, now, 2, 2);
    bucket = next;
    return allowed;
  });
  expect(taken).toEqual([true, true, false, false, true, false, true, true, false, false]);
});

test("the queue runs one operation after the other, goes on after a failure, and stops when it is closed", async () => {
  const log: unknown[] = [];
  const gate = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const clock = createManualClock();
  const queue = createSerialQueue(createDeadlines(clock), (thrown) => log.push(thrown));
  queue.add(() => gate.promise);
  queue.add(() => {
    log.push("second");
    throw new RangeError("no");
  });
  queue.add(() => {
    log.push("third");
    queue.close();
    done.resolve();
  });
  queue.add(() => {
    log.push("never");
  });
  expect(log).toEqual([]);
  gate.resolve();
  await until(() => clock.waiting === 0, deadlineMs, "all are done");
  await done.promise;
  expect(log).toEqual(["second", new RangeError("no"), "third"]);
});

test("the queue goes on without an operation that never settles, after its time", async () => {
  const log: unknown[] = [];
  const clock = createManualClock();
  const queue = createSerialQueue(createDeadlines(clock), (thrown) => log.push(PeerError.from(thrown).code));
  queue.add(() => new Promise(() => undefined));
  queue.add(() => void log.push("next"), 100);
  await until(() => clock.waiting === 1, deadlineMs, "the first one runs");
  await pass({ clock }, stepMs - lookEveryMs);
  expect(log).toEqual([]);
  await pass({ clock }, lookEveryMs);
  expect([log, clock.waiting]).toEqual([["timeout", "next"], 0]);
});

describe("a deadline", () => {
  const never = () => new Promise<never>(() => undefined);

  test("hands on what comes in time, and leaves no timer", async () => {
    const clock = createManualClock();
    const { within } = createDeadlines(clock);
    const thrower = () => {
      throw new RangeError("at once");
    };
    const outcomes = await Promise.allSettled([
      within(10, "a", () => "value"),
      within(10, "b", async () => "later"),
      within(10, "d", () => Promise.reject(undefined)),
      within(10, "e", thrower),
    ]);
    expect(outcomes).toEqual([
      { status: "fulfilled", value: "value" },
      { status: "fulfilled", value: "later" },
      { status: "rejected", reason: undefined },
      { status: "rejected", reason: new RangeError("at once") },
    ]);
    expect(clock.waiting).toBe(0);
  });

  test("ends the wait for what does not come, and one that is closed leaves no timer", async () => {
    const clock = createManualClock();
    const deadlines = createDeadlines(clock);
    const waited = deadlines.within(1_000, "createOffer", never);
    clock.advance(1_000);
    await expect(waited).rejects.toMatchObject({
      code: "timeout",
      message: "createOffer has had no answer of the platform for 1000 ms",
    });
    void deadlines.within(1_000, "createOffer", never);
    deadlines.close();
    void deadlines.within(1_000, "createOffer", never);
    expect(clock.waiting).toBe(0);
  });
});

test("any thrown value becomes a PeerError, and one that is stays the same", () => {
  const error = new PeerError("timeout", "gone");
  expect(PeerError.from(error, "no-connection")).toBe(error);
  expect(PeerError.from("text")).toMatchObject({ code: "unexpected", message: "text", cause: "text" });
  expect(PeerError.from(new TypeError("bad"), "no-connection")).toMatchObject({
    code: "no-connection",
    message: "bad",
  });
});
