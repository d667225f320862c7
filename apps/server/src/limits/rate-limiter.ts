import { type Bucket, isFull, type Rate, take } from "./token-bucket.ts";

/** Buckets by name for one rate. Full ones are forgotten, so memory is bounded by the recently active. */
export interface RateLimiter {
  /** 0 when allowed, else the ms to wait. A refusal takes nothing. */
  take(name: string, count?: number): number;
  /** Gives one token back. */
  give(name: string): void;
}

const forgetEvery = 1024;

export function createRateLimiter(rate: Rate, now: () => number): RateLimiter {
  const buckets = new Map<string, Bucket>();
  let taken = 0;
  const forgetFull = () => {
    for (const [name, bucket] of buckets) if (isFull(bucket, rate, now())) buckets.delete(name);
  };
  return {
    take(name, count = 1) {
      taken += 1;
      if (taken % forgetEvery === 0) forgetFull();
      const result = take(buckets.get(name), rate, now(), count);
      buckets.set(name, result.bucket);
      return result.retryAfterMs;
    },
    give(name) {
      buckets.set(name, take(buckets.get(name), rate, now(), -1).bucket);
    },
  };
}
