import { virtualClock } from "@peerline/call-machine/testing";
import { expect, test } from "vitest";
import { createTally } from "./tally.ts";

function setUp() {
  const clock = virtualClock();
  const lines: unknown[] = [];
  const log = (message: string, fields?: object) => void lines.push([clock.now(), message, fields]);
  const tally = createTally(clock, log, "refused");
  return { clock, lines, tally };
}

test("the first is told at once, a thousand more in one line after 10 s, and then none", () => {
  const { clock, lines, tally } = setUp();
  tally.note("expired", { address: "a" });
  clock.advanceBy(1_000);
  for (let index = 0; index < 1_000; index++) tally.note("expired", { address: `b${index}` });
  clock.advanceBy(60_000);
  expect(lines).toEqual([
    [0, "refused", { reason: "expired", count: 1, address: "a" }],
    [10_000, "refused", { reason: "expired", count: 1_000, address: "b0" }],
  ]);
  expect(clock.pending()).toBe(0);
  tally.note("expired");
  expect(lines.at(-1)).toEqual([61_000, "refused", { reason: "expired", count: 1 }]);
});

test("each kind has its own line, and nothing is told after the end", () => {
  const { clock, lines, tally } = setUp();
  tally.note("expired");
  tally.note("signature");
  tally.note("signature");
  tally.close();
  clock.advanceBy(60_000);
  expect([lines.length, clock.pending()]).toEqual([2, 0]);
});
