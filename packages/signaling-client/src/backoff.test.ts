import { expect, test } from "vitest";
import { backoffMs, failuresAfter } from "./backoff.ts";

const failures = [0, 1, 2, 3, 4, 5, 6, 7, 50];

test("in a call the delays are 0, 250, 500, 1000, 2000, 4000, 4000, … ms", () => {
  expect(failures.map((n) => backoffMs(n, "busy", 0.5))).toEqual([
    0, 250, 500, 1_000, 2_000, 4_000, 4_000, 4_000, 4_000,
  ]);
});

test("in a call each delay is spread over half to one and a half of it", () => {
  expect([0, 0.999].map((random) => backoffMs(3, "busy", random))).toEqual([500, 1_499]);
});

test("with no call the delay is anything up to half a second doubled per failure, at most 10 s, and 20 s in the end", () => {
  expect(failures.map((n) => backoffMs(n, "idle", 1))).toEqual([
    500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 20_000,
  ]);
  expect([19, 20, 1_000].map((n) => backoffMs(n, "idle", 1))).toEqual([10_000, 20_000, 20_000]);
  expect(failures.map((n) => backoffMs(n, "idle", 0))).toEqual(failures.map(() => 0));
});

test("ten seconds of a live stream forgive the failures before it", () => {
  expect([9_999, 10_000].map((livedMs) => failuresAfter(4, livedMs, 10_000))).toEqual([4, 0]);
});
