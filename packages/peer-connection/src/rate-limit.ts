/** How many frames were left at `at`, in ms. */
export interface RateBucket {
  readonly at: number;
  readonly left: number;
}

/** As many as the rate has at once. */
export const fullBucket: RateBucket = { at: Number.NEGATIVE_INFINITY, left: 0 };

/** Whether one more frame may go at `now` (ms): `burst` at once, then `perSecond`. A clock that goes back brings none. */
export function takeOne(
  { at, left }: RateBucket,
  now: number,
  burst: number,
  perSecond: number,
): [RateBucket, boolean] {
  const have = now > at ? Math.min(burst, left + ((now - at) * perSecond) / 1_000) : left;
  return have < 1 ? [{ at: now, left: have }, false] : [{ at: now, left: have - 1 }, true];
}
