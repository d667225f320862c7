import { create } from "@bufbuild/protobuf";
import { DurationSchema, durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { ErrorCode, HelloSchema } from "@peerline/protocol";
import { expect, test } from "vitest";
import { helloInput, limitsOf, timingOf } from "./hello.ts";
import { lengthMs } from "./server-length.ts";
import { SignalingError } from "./signaling-error.ts";
import { errorOf } from "./testing/loopback-faults.ts";
import { defaultTiming } from "./timing.ts";

const longestMs = 2 ** 31 - 1;
const forEver = create(DurationSchema, { seconds: 2n ** 63n - 1n, nanos: 2 ** 31 - 1 });
const before = create(DurationSchema, { seconds: -(2n ** 63n), nanos: -(2 ** 31) });

test.each([
  ["nothing", undefined, undefined],
  ["no time", durationFromMs(0), 0],
  ["a while", durationFromMs(1_500), 1_500],
  ["ten to the twelve", durationFromMs(1e12), longestMs],
  ["all that there is", forEver, longestMs],
  ["less than nothing", durationFromMs(-1), 0],
  ["all that there was", before, 0],
])("the length of %s fits into a timer", (_, duration, ms) => {
  expect(lengthMs(duration)).toEqual(ms);
});

test("a server's deadlines, limits and lives are within reason, whatever it says", () => {
  const timers = {
    streamDeadAfterBusy: forEver,
    streamDeadAfterIdle: before,
    connect: forEver,
    recover: forEver,
  };
  const limits = { maxCommandsPerSend: 1, maxRequestBytes: 1 };
  const hello = create(HelloSchema, { timers, limits, iceServersValidFor: forEver });
  expect([timingOf(hello, defaultTiming), limitsOf(hello), helloInput(hello)]).toMatchObject([
    { ...defaultTiming, deadBusyMs: 600_000 },
    { commands: 1, bytes: 16_384 },
    { timers: { connectMs: 600_000, recoverMs: 600_000 }, iceServersValidForMs: longestMs },
  ]);
});

test("a server that asks for a pause of years gets five minutes", () => {
  const refusal = errorOf({ code: Code.Unavailable, errorCode: ErrorCode.OVERLOADED, retryAfterMs: 1e12 });
  expect(SignalingError.from(refusal).retryAfterMs).toEqual(300_000);
});
