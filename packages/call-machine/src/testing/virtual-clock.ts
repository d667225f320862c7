import type { Clock } from "../ports.ts";

/** A clock that stands still until a test moves it. */
export interface VirtualClock extends Clock {
  /** Moves on, running the timers that come due on the way: by deadline, then in the order they were set. */
  advanceBy(ms: number): void;
  /** Moves on to the next deadline, and runs what is due there. False: nothing was waiting. */
  advanceToNext(): boolean;
  /** Moves on to the next deadline up to `until`, and runs one timer of it. False: none is due by then, nothing moved. */
  runNext(until: number): boolean;
  /** The platform slept for `ms`: timers that were due in between run late, at the end, in order. */
  sleepFor(ms: number): void;
  /** Sets the clock, forwards or backwards, with no time passing: nothing runs before the next move. */
  setTo(now: number): void;
  /** When the next timer is due, or Infinity. */
  nextTimerAt(): number;
  /** How many timers wait. */
  pending(): number;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Starts at `startMs`. A deadline that has passed already is due at the next move, also one by 0 ms. */
export function virtualClock(startMs = 0): VirtualClock {
  const timers: Timer[] = [];
  let now = startMs;

  function runNext(until: number): boolean {
    const next = timers[0];
    if (!next || next.at > until) return false;
    timers.shift();
    now = Math.max(now, next.at);
    next.run();
    return true;
  }

  function advanceTo(end: number): void {
    while (runNext(end));
    now = Math.max(now, end);
  }

  return {
    now: () => now,
    setTimer(at, run) {
      const timer: Timer = { at, run };
      timers.splice(placeOf(timers, at), 0, timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    advanceBy: (ms) => advanceTo(now + ms),
    advanceToNext() {
      const [next] = timers;
      if (next) advanceTo(next.at);
      return next !== undefined;
    },
    runNext,
    sleepFor(ms) {
      now += ms;
      advanceTo(now);
    },
    setTo(at) {
      now = at;
    },
    nextTimerAt: () => timers[0]?.at ?? Number.POSITIVE_INFINITY,
    pending: () => timers.length,
  };
}

/** After those with the same deadline. */
function placeOf(timers: readonly Timer[], at: number): number {
  let low = 0;
  let high = timers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const timer = timers[middle];
    if (timer !== undefined && timer.at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
