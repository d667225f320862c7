import type { Clock } from "../ports.ts";

/** A clock that stands still until a test moves it. */
export interface VirtualClock extends Clock {
  /** Moves on, running the timers that come due on the way: by deadline, then in the order they were set. */
  advanceBy(ms: number): void;
  /** Moves on to the next deadline, and runs what is due there. False: nothing was waiting. */
  advanceToNext(): boolean;
  /** How many timers wait. */
  pending(): number;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Starts at `startMs`. A deadline that has passed already is due at the next move, also one by 0 ms. */
export function virtualClock(startMs = 0): VirtualClock {
  let now = startMs;
  let timers: readonly Timer[] = [];

  function runUntil(end: number): void {
    for (let next = timers[0]; next && next.at <= end; next = timers[0]) {
      timers = timers.slice(1);
      now = Math.max(now, next.at);
      next.run();
    }
    now = Math.max(now, end);
  }

  return {
    now: () => now,
    setTimer(at, run) {
      const timer: Timer = { at, run };
      const later = timers.findIndex((other) => other.at > at);
      timers = later < 0 ? [...timers, timer] : timers.toSpliced(later, 0, timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advanceBy: (ms) => runUntil(now + ms),
    advanceToNext() {
      const [next] = timers;
      if (next) runUntil(next.at);
      return next !== undefined;
    },
    pending: () => timers.length,
  };
}
