import type { Clock } from "@peerline/call-machine";

/** A clock that moves only when a test says so. */
export interface VirtualClock extends Clock {
  /** Lets `ms` pass; timers run at their own time, in order. */
  advanceBy(ms: number): void;
  /** The platform slept for `ms`: timers that were due in between run late, at the end, in order. */
  sleepFor(ms: number): void;
  /** Sets the clock, forwards or backwards, with no time passing. */
  setTo(now: number): void;
  /** When the next timer is due, or Infinity. */
  nextTimerAt(): number;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Starts at `startAt`, in ms. Default: 1 000 000, so that a forgotten zero shows. */
export function virtualClock(startAt = 1_000_000): VirtualClock {
  let now = startAt;
  const timers = new Set<Timer>();

  const next = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) if (first === undefined || timer.at < first.at) first = timer;
    return first;
  };

  const runUntil = (end: number, punctual: boolean): void => {
    for (let timer = next(); timer !== undefined && timer.at <= end; timer = next()) {
      timers.delete(timer);
      if (punctual) now = Math.max(now, timer.at);
      timer.run();
    }
    now = Math.max(now, end);
  };

  return {
    now: () => now,
    setTimer(at, run) {
      const timer = { at, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advanceBy: (ms) => runUntil(now + ms, true),
    sleepFor(ms) {
      now += ms;
      runUntil(now, false);
    },
    setTo(at) {
      now = at;
    },
    nextTimerAt: () => next()?.at ?? Number.POSITIVE_INFINITY,
  };
}
