import { expect, test } from "vitest";
import { createRateLimiter } from "./rate-limiter.ts";
import { isFull, take } from "./token-bucket.ts";

const rate = { perSecond: 2, burst: 4 };

test.each([
  ["a new bucket is full", undefined, 0, 4, { bucket: { tokens: 0, at: 0 }, ok: true, retryAfterMs: 0 }],
  ["all or none", { tokens: 1, at: 0 }, 0, 2, { bucket: { tokens: 1, at: 0 }, ok: false, retryAfterMs: 500 }],
  [
    "tokens come back",
    { tokens: 0, at: 0 },
    1000,
    1,
    { bucket: { tokens: 1, at: 1000 }, ok: true, retryAfterMs: 0 },
  ],
  [
    "never above the burst",
    { tokens: 3, at: 0 },
    60_000,
    4,
    { bucket: { tokens: 0, at: 60_000 }, ok: true, retryAfterMs: 0 },
  ],
  [
    "a clock that goes back refills nothing",
    { tokens: 0, at: 9000 },
    0,
    1,
    { bucket: { tokens: 0, at: 0 }, ok: false, retryAfterMs: 500 },
  ],
  [
    "more than the burst waits for a full bucket",
    { tokens: 4, at: 0 },
    0,
    9,
    { bucket: { tokens: 4, at: 0 }, ok: false, retryAfterMs: 1 },
  ],
])("%s", (_name, bucket, now, count, expected) => {
  expect(take(bucket, rate, now, count)).toEqual(expected);
});

test("a bucket is full again after a while", () => {
  expect([isFull({ tokens: 3, at: 0 }, rate, 499), isFull({ tokens: 3, at: 0 }, rate, 500)]).toEqual([
    false,
    true,
  ]);
});

test("names do not share a bucket, and a token can be given back", () => {
  const limiter = createRateLimiter({ perSecond: 1, burst: 1 }, () => 0);
  expect([limiter.take("a"), limiter.take("b"), limiter.take("a")]).toEqual([0, 0, 1000]);
  limiter.give("a");
  expect([limiter.take("a"), limiter.take("a")]).toEqual([0, 1000]);
});
