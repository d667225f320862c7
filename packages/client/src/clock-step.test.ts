import { startServer } from "@peerline/server";
import { afterEach, expect, test, vi } from "vitest";
import { until } from "./testing/node-peerline.ts";
import { peopleOnServer } from "./testing/people.ts";

const { inCall } = peopleOnServer(() => startServer({ dev: true, port: 0 }));
const hour = 3_600_000;
afterEach(() => void vi.restoreAllMocks());

/** Sets the platform's clock. */
function step(ms: number): void {
  const now = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => now() + ms);
}

test.each([
  ["forward", hour],
  ["back", -hour],
])("a call during which the clock is set %s goes on, and is as long as it was", async (way, ms) => {
  const began = performance.now();
  const [ana, ben] = await inCall(`ana-${way}`, `ben-${way}`);
  const links: string[] = [];
  ana.subscribe(({ link, call }) => links.push(`${link} ${call?.phase}`));
  step(ms);
  // The statistics of the next two seconds are proof that timers go on.
  const before = ana.view().details?.stats;
  const { call, details } = await until(ana, (view) => view.details?.stats !== before);
  expect(Math.abs(Date.now() - (call?.liveSince ?? 0))).toBeLessThan(performance.now() - began + 1_000);
  expect(details?.stats).toBeDefined();
  ben.hangUp();
  const { call: over, recent } = await until(ana, (view) => view.call?.phase === "ended");
  expect(over?.end?.talkedMs).toBeGreaterThan(0);
  expect(over?.end?.talkedMs).toBeLessThan(performance.now() - began);
  expect(Math.abs(Date.now() - (recent[0]?.end.at ?? 0))).toBeLessThan(60_000);
  expect([...new Set(links)]).toEqual(["online live", "online ended"]);
});
