import { expect, test } from "vitest";
import { afterPing, deadAt, isDead } from "./liveness.ts";
import { defaultTiming } from "./timing.ts";

test.each([
  ["in a call it is 15 s after the last byte", { lastByteAt: 100, pace: "busy", paceSince: 0 }, 15_100],
  ["with no call it is 45 s after the last byte", { lastByteAt: 100, pace: "idle", paceSince: 0 }, 45_100],
  [
    "a call that just began gets its 15 s in full",
    { lastByteAt: 100, pace: "busy", paceSince: 20_000 },
    35_000,
  ],
] as const)("the deadline of a stream: %s", (_name, life, at) => {
  expect(deadAt(life, defaultTiming)).toEqual(at);
});

test("a stream is dead from its deadline on, however late one looks", () => {
  const life = { lastByteAt: 0, pace: "idle", paceSince: 0 } as const;
  expect([44_999, 45_000, 3_600_000].map((now) => isDead(life, now, defaultTiming))).toEqual([
    false,
    true,
    true,
  ]);
});

test.each([
  ["with nothing missing starts the count over", 1, 5n, { pingsBehind: 0, lost: false }],
  ["with something missing is counted", 0, 6n, { pingsBehind: 1, lost: false }],
  ["with something missing again means a loss", 1, 6n, { pingsBehind: 2, lost: true }],
] as const)("a ping %s", (_name, pingsBehind, topOffset, after) => {
  expect(afterPing(pingsBehind, topOffset, 5n)).toEqual(after);
});
