/** How many frames of the peer were taken in the second that began at `since`. */
export interface RateWindow {
  readonly since: number;
  readonly count: number;
}

const windowMs = 1_000;

/** Nothing taken yet. */
export const emptyWindow: RateWindow = { since: Number.NEGATIVE_INFINITY, count: 0 };

/** Whether one more frame may be taken at `now` (ms), at most `perSecond` in each second. */
export function takeOne(window: RateWindow, now: number, perSecond: number): [RateWindow, boolean] {
  if (now - window.since >= windowMs || now < window.since) return [{ since: now, count: 1 }, true];
  if (window.count >= perSecond) return [window, false];
  return [{ since: window.since, count: window.count + 1 }, true];
}
