import type { Clock } from "@peerline/call-machine";
import { virtualClock } from "@peerline/call-machine/testing";

/** A clock that stands until it is moved. */
export interface ManualClock extends Clock {
  /** Moves the time and fires what is due, in order. */
  advance(ms: number): void;
  /** How many timers are waiting. */
  readonly waiting: number;
}

/** Starts at `startMs`. A timer that is due already fires in a microtask. */
export function createManualClock(startMs = 1_000_000): ManualClock {
  const clock = virtualClock(startMs);
  return {
    now: clock.now,
    setTimer(at, run) {
      const cancel = clock.setTimer(at, run);
      if (at <= clock.now()) queueMicrotask(() => clock.advanceBy(0));
      return cancel;
    },
    advance: clock.sleepFor,
    get waiting() {
      return clock.pending();
    },
  };
}
