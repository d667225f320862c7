import { startServer } from "@peerline/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
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
