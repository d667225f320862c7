import type { Pace } from "./backoff.ts";
import type { SessionTiming } from "./timing.ts";

/** What is known of a stream's life. Times are readings of the injected wall clock, in ms. */
export interface Life {
  readonly lastByteAt: number;
  readonly pace: Pace;
  /** When the pace became what it is: the shorter deadline of a new call counts from here. */
  readonly paceSince: number;
}

/** When the stream is taken for dead unless something arrives before. PROTOCOL 1.13. */
export function deadAt(life: Life, timing: SessionTiming): number {
  const windowMs = life.pace === "busy" ? timing.deadBusyMs : timing.deadIdleMs;
  return Math.max(life.lastByteAt, life.paceSince) + windowMs;
}

/** Judged by the clock alone, so that it is right on every wake, however late. */
export function isDead(life: Life, now: number, timing: SessionTiming): boolean {
  return now >= deadAt(life, timing);
}

const pingsBehindUntilResume = 2;

/**
 * Counts the pings in a row that say that the server has more than was applied; `lost` after the second. PROTOCOL
 * 1.2 step 6, row 64.
 */
export function afterPing(
  pingsBehind: number,
  topOffset: bigint,
  cursor: bigint,
): { readonly pingsBehind: number; readonly lost: boolean } {
  if (topOffset <= cursor) return { pingsBehind: 0, lost: false };
  return { pingsBehind: pingsBehind + 1, lost: pingsBehind + 1 >= pingsBehindUntilResume };
}
