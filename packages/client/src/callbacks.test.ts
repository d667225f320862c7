import type { Clock } from "@peerline/call-machine";
import { startServer } from "@peerline/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "./clock.ts";
import { silentMedia, until } from "./testing/node-peerline.ts";
import { isLive, isRung, peopleOnServer } from "./testing/people.ts";

const { online } = peopleOnServer(() => startServer({ dev: true, port: 0 }));
const type = "acme.com/reaction.v1.Reaction";

function broken(): never {
  throw new TypeError("broken");
}

const onConsole = vi.fn<(text: string, thrown: unknown) => void>();
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(onConsole));
afterEach(() => {
  vi.restoreAllMocks();
  onConsole.mockReset();
});

test("a call is made although every callback of the application throws", async () => {
  const memory = { load: broken, save: broken, loadRecent: broken, saveRecent: broken };
  const logger = { debug: broken, info: broken, warn: broken };
  const everyBroken = { memory, logger, onSignal: broken, onExtensionRefused: broken };
  const ana = await online("ana-1", { ...everyBroken, extensions: { [type]: broken } });
  const ben = await online("ben-1", { ...everyBroken, extensions: { [type]: async () => broken() } });
  for (const peerline of [ana, ben]) peerline.subscribe(broken);
  ana.dial("ben-1", "audio");
  const { call } = await until(ben, isRung);
  ben.accept();
  for (const peerline of [ana, ben]) await until(peerline, isLive);
  ana.sendExtension({ type, value: new Uint8Array(1), to: { callId: call?.callId ?? "" } });
  ana.hangUp();
  const ended = await until(ben, (view) => view.call?.phase === "ended");
  expect(ended.call?.end).toMatchObject({ reason: "hung-up", by: "them" });
  expect(onConsole.mock.calls.map(([text]) => text)).toEqual(
    Array.from({ length: 2 }, () => "Peerline: logger.warn, given by the application, failed."),
  );
});

test("why there is no connection is said, also without a logger", async () => {
  const createConnection = (async () => undefined) as unknown as () => never;
  const ana = await online("ana-4", { rtc: { createConnection } });
  ana.dial("ben-4", "data");
  const { call } = await until(ana, (view) => view.call?.phase === "ended");
  expect([call?.end?.reason, onConsole.mock.calls]).toEqual([
    "incompatible",
    [
      [
        "Peerline: rtc.createConnection, given by the application, failed.",
        new TypeError("connection.createDataChannel is not a function"),
      ],
    ],
  ]);
});

test("a clock that fails in a call ends nothing, and close works", async () => {
  let broken = false;
  const wrong = <T>(right: T, given: unknown): T => (broken ? (given as T) : right);
  const clock: Clock = {
    now: () => wrong(Date.now(), Number.NaN),
    setTimer(at, run) {
      if (broken) throw new TypeError("no timers");
      const timer = setTimeout(run, Math.max(0, at - Date.now()));
      return wrong(() => clearTimeout(timer), undefined);
    },
  };
  const warn = vi.fn();
  const logger = { debug: () => undefined, info: () => undefined, warn };
  const ana = await online("ana-5", { clock, logger });
  const ben = await online("ben-5", { autoAccept: "data" });
  broken = true;
  ana.dial("ben-5", "data");
  for (const peerline of [ana, ben]) await until(peerline, isLive);
  ana.hangUp();
  await until(ben, (view) => view.call?.phase === "ended");
  ana.close();
  expect([ana.view().link, warn.mock.calls]).toEqual([
    "stopped",
    [["a callback of the application failed", { callback: "clock.now", error: "NaN" }]],
  ]);
});

test("a clock whose timers cannot be taken back does not keep a Peerline from closing", async () => {
  const platform = systemClock();
  const setTimer = (at: number, run: () => void) => {
    platform.setTimer(at, run);
    return undefined as unknown as () => void;
  };
  const ana = await online("ana-6", { clock: { ...platform, setTimer } });
  ana.close();
  expect(ana.view().link).toBe("stopped");
});

test("without a logger what a subscriber threw is on the console, and the next one is called", async () => {
  const ana = await online("ana-2", { media: silentMedia });
  ana.subscribe(broken);
  const { promise, resolve } = Promise.withResolvers<string>();
  ana.subscribe(({ link }) => resolve(link));
  ana.close();
  expect([await promise, onConsole.mock.calls]).toEqual([
    "stopped",
    [["Peerline: subscribe, given by the application, failed.", new TypeError("broken")]],
  ]);
});

test("with a logger it is a warning there", async () => {
  const warn = vi.fn();
  const ana = await online("ana-3", { logger: { debug: () => undefined, info: () => undefined, warn } });
  ana.subscribe(() => Promise.reject(new TypeError("later")));
  const { promise, resolve } = Promise.withResolvers<void>();
  warn.mockImplementation(() => resolve());
  ana.close();
  await promise;
  expect([warn.mock.calls, onConsole.mock.calls]).toEqual([
    [["a callback of the application failed", { callback: "subscribe", error: "later" }]],
    [],
  ]);
});
