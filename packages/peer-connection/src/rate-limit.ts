/** How many frames may go at once, and how many more with each second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** How many frames were left at `at`, in ms. */
export interface RateBucket {
  readonly at: number;
  readonly left: number;
}

/** As many as the rate has at once. */
export const fullBucket: RateBucket = { at: Number.NEGATIVE_INFINITY, left: 0 };

/** Whether one more frame may go at `now` (ms). A clock that goes back brings none. */
export function takeOne(
  { at, left }: RateBucket,
  now: number,
  { burst, perSecond }: Rate,
): [RateBucket, boolean] {
  const have = now > at ? Math.min(burst, left + ((now - at) * perSecond) / 1_000) : left;
  return have < 1 ? [{ at: now, left: have }, false] : [{ at: now, left: have - 1 }, true];
}
