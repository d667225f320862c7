import { virtualClock } from "@peerline/call-machine/testing";
import { expect, test } from "vitest";
import { KeySetError } from "./auth/key-set.ts";
import { obeySignals, type ProcessEnds } from "./process-signals.ts";

type Signal = Parameters<ProcessEnds["on"]>[0];

function setUp(reload?: () => Promise<void>) {
  const clock = virtualClock();
  const drain = Promise.withResolvers<void>();
  const exits: number[] = [];
  const lines: string[] = [];
  const told = new Map<Signal, () => void>();
  let closes = 0;
  const fields: unknown[] = [];
  const say = (message: string, more?: unknown) => {
    lines.push(message);
    fields.push(more);
  };
  obeySignals({
    server: {
      reload,
      close: () => {
        closes += 1;
        return drain.promise;
      },
    },
    logger: { debug: say, info: say, warn: say },
    process: { on: (signal, run) => told.set(signal, run), exit: (code) => void exits.push(code) },
    longestDrainMs: 15_000,
    now: clock.now,
    setTimer: (afterMs, run) => clock.setTimer(clock.now() + afterMs, run),
  });
  const send = (signal: Signal) => told.get(signal)?.();
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { clock, drain, exits, fields, lines, send, settled, closes: () => closes };
}

test.each<Signal>(["SIGTERM", "SIGINT", "SIGHUP"])("%s drains, and the process ends well", async (signal) => {
  const { drain, exits, send, settled, closes } = setUp();
  send(signal);
  expect([closes(), exits]).toEqual([1, []]);
  drain.resolve();
  await settled();
  expect(exits).toEqual([0]);
});

test("a signal that is heard twice drains once; one that is repeated later ends the process at once", () => {
  const { clock, exits, send, closes } = setUp();
  send("SIGINT");
  send("SIGTERM");
  clock.advanceBy(999);
  send("SIGINT");
  expect([closes(), exits]).toEqual([1, []]);
  clock.advanceBy(1);
  send("SIGTERM");
  expect([closes(), exits]).toEqual([1, [1]]);
});

test("a drain that hangs ends after its time, and one that fails at once", async () => {
  const hanging = setUp();
  hanging.send("SIGTERM");
  hanging.clock.advanceBy(15_000);
  expect([hanging.exits, hanging.lines]).toEqual([[1], ["the drain took too long"]]);
  const failing = setUp();
  failing.send("SIGTERM");
  failing.drain.reject(undefined);
  await failing.settled();
  expect([failing.exits, failing.lines]).toEqual([[1], ["the drain failed"]]);
});

test("SIGHUP loads the keys anew where there are keys, and drains nothing", async () => {
  const good = setUp(() => Promise.resolve());
  good.send("SIGHUP");
  await good.settled();
  const bad = setUp(() => Promise.reject(undefined));
  bad.send("SIGHUP");
  await bad.settled();
  expect([good.lines, good.closes(), good.exits]).toEqual([["keys loaded anew"], 0, []]);
  expect([bad.lines, bad.closes(), bad.exits]).toEqual([["the keys of before stay"], 0, []]);
});

test("SIGHUP says what is wrong with the keys now, each time", async () => {
  const { fields, send, settled } = setUp(() => Promise.reject(new KeySetError("are an empty set")));
  send("SIGHUP");
  await settled();
  send("SIGHUP");
  await settled();
  expect(fields).toEqual([{ reason: "the keys are an empty set" }, { reason: "the keys are an empty set" }]);
});
