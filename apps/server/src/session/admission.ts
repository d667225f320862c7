import { ServerError } from "../errors/server-error.ts";
import type { Rate } from "../limits/token-bucket.ts";

/** Spreads the endpoints that come back all at once. PROTOCOL 1.2, row 91. */
export interface Admission {
  /** Throws "overloaded" with the moment that is kept for this endpoint. */
  assertRoom(key: string): void;
}

const msPerSecond = 1000;
/** A kept moment that nobody came for is given up this long after. */
const keptMs = 10_000;
/** Nobody is told to wait longer: whoever comes then is given another moment. */
const longestWaitMs = 30_000;

/**
 * `rate.burst` opens at once, `rate.perSecond` after that. Who has to wait is given a moment of its own, so that the
 * refused do not come back together; at that moment it is let in whatever else happens.
 */
export function createAdmission(rate: Rate, now: () => number): Admission {
  const kept = new Map<string, number>();
  const stepMs = msPerSecond / rate.perSecond;
  const burstMs = (rate.burst - 1) * stepMs;
  /** When the next open would be on time if all came evenly. */
  let nextAt = Number.NEGATIVE_INFINITY;

  const forgetOld = (at: number) => {
    for (const [key, moment] of kept) {
      if (moment + keptMs > at) return;
      kept.delete(key);
    }
  };
  const momentOf = (key: string, at: number): number => {
    const moment = kept.get(key);
    if (moment !== undefined) return moment;
    nextAt = Math.max(nextAt, at);
    const given = nextAt - burstMs;
    if (given - at > longestWaitMs) return at + longestWaitMs;
    nextAt += stepMs;
    if (given > at) kept.set(key, given);
    return given;
  };

  return {
    assertRoom(key) {
      const at = now();
      forgetOld(at);
      const waitMs = Math.ceil(momentOf(key, at) - at);
      if (waitMs > 0) throw overloaded(waitMs);
      kept.delete(key);
    },
  };
}

function overloaded(retryAfterMs: number): ServerError {
  const text = "Too many endpoints connect at this moment. Connect again when `retry_after` has passed.";
  return new ServerError("overloaded", text, { retryAfterMs });
}
