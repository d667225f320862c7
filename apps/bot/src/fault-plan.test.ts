import { expect, test } from "vitest";
import { durationHelp } from "./duration.ts";
import { parseFaultPlan } from "./fault-plan.ts";

test.each([
  ["cut@5s", [{ fault: "cut", atMs: 5_000 }]],
  ["kill-media@0s", [{ fault: "kill-media", atMs: 0, on: true }]],
  [
    "stall@10s+3s, cut@500ms",
    [
      { fault: "cut", atMs: 500 },
      { fault: "stall", atMs: 10_000, on: true },
      { fault: "stall", atMs: 13_000, on: false },
    ],
  ],
])("%o is read as a plan, in the order of its times", (text, plan) => {
  expect(parseFaultPlan(text)).toEqual(plan);
});

test.each([
  ["", '"" is no fault: write it like "cut@5s" or "stall@10s+3s".'],
  ["cut", '"cut" is no fault: write it like "cut@5s" or "stall@10s+3s".'],
  ["cut@5", `"cut@5": "5" is no time. ${durationHelp}`],
  ["stall@5s+x", `"stall@5s+x": "x" is no time. ${durationHelp}`],
  ["cut@5s+1s", '"cut@5s+1s": cut happens at once and has no length. Write "cut@5s".'],
  [
    "explode@5s",
    '"explode" is no fault: use cut, expire-token, expire-turn, stall, offline, force-relay, kill-media.',
  ],
])("%o is refused with the way to write it", (text, message) => {
  expect(() => parseFaultPlan(text)).toThrow(new Error(message));
});
