/** `perSecond` tokens come back each second, up to `burst`. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export interface Bucket {
  readonly tokens: number;
  /** Ms on the clock that `take` is given. */
  readonly at: number;
}

export interface Taken {
  readonly bucket: Bucket;
  readonly ok: boolean;
  /** When refused: ms until `count` tokens are there. 0 when allowed. */
  readonly retryAfterMs: number;
}

const msPerSecond = 1000;

/** Takes `count` tokens, all or none. No bucket yet means a full one; a clock that goes back refills nothing. */
export function take(bucket: Bucket | undefined, rate: Rate, now: number, count = 1): Taken {
  const tokens = bucket ? refilled(bucket, rate, now) : rate.burst;
  if (tokens >= count) return { bucket: { tokens: tokens - count, at: now }, ok: true, retryAfterMs: 0 };
  const missing = Math.min(count, rate.burst) - tokens;
  const retryAfterMs = Math.max(1, Math.ceil((missing / rate.perSecond) * msPerSecond));
  return { bucket: { tokens, at: now }, ok: false, retryAfterMs };
}

/** A full bucket need not be remembered. */
export function isFull(bucket: Bucket, rate: Rate, now: number): boolean {
  return refilled(bucket, rate, now) >= rate.burst;
}

function refilled(bucket: Bucket, rate: Rate, now: number): number {
  const passedMs = Math.max(0, now - bucket.at);
  return Math.min(rate.burst, bucket.tokens + (passedMs / msPerSecond) * rate.perSecond);
}
