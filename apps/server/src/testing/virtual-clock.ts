import type { Clock } from "@peerline/call-machine";

/** A clock that moves only when told to. */
export interface VirtualClock extends Clock {
  /** Moves on and fires what is due, in order; between two timers, everything they started settles first. */
  advance(ms: number): Promise<void>;
  /** Timers that are waiting. */
  pending(): number;
}

const startAt = Date.UTC(2026, 0, 1);

export function createVirtualClock(): VirtualClock {
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  let now = startAt;
  const nextDue = (until: number) => {
    const due = [...timers].filter(({ at }) => at <= until);
    return due.sort((a, b) => a.at - b.at)[0];
  };
  return {
    now: () => now,
    setTimer(at, run) {
      const timer = { at, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const until = now + ms;
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.run();
        await settle();
      }
      now = until;
      await settle();
    },
    pending: () => timers.size,
  };
}

/** Lets every promise that can go on without I/O go on. */
export async function settle(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setImmediate(resolve);
  await promise;
}
