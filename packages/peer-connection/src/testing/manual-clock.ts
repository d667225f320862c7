import type { Clock } from "@peerline/call-machine";

/** A clock that stands until it is moved. */
export interface ManualClock extends Clock {
  /** Moves the time and fires what is due, in order. */
  advance(ms: number): void;
  /** How many timers are waiting. */
  readonly waiting: number;
}

/** Starts at `startMs`. A timer that is due already fires in a microtask. */
export function createManualClock(startMs = 1_000_000): ManualClock {
  let now = startMs;
  let timers: { readonly at: number; readonly run: () => void }[] = [];

  function fireDue() {
    const due = timers.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)[0];
    if (due === undefined) return;
    timers = timers.filter((timer) => timer !== due);
    due.run();
    fireDue();
  }

  return {
    now: () => now,
    setTimer(at, run) {
      const timer = { at, run };
      timers.push(timer);
      if (at <= now) queueMicrotask(fireDue);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    advance(ms) {
      now += ms;
      fireDue();
    },
    get waiting() {
      return timers.length;
    },
  };
}
