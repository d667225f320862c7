import type { Clock } from "@peerline/call-machine";
import { virtualClock } from "@peerline/call-machine/testing";

/** A clock that moves only when told to. */
export interface VirtualClock extends Clock {
  /** Moves on and fires what is due, in order; between two timers, everything they started settles first. */
  advance(ms: number): Promise<void>;
  /** Timers that are waiting. */
  pending(): number;
}

const startAt = Date.UTC(2026, 0, 1);

export function createVirtualClock(): VirtualClock {
  const { now, setTimer, runNext, setTo, pending } = virtualClock(startAt);
  return {
    now,
    setTimer,
    async advance(ms) {
      const until = now() + ms;
      while (runNext(until)) await settle();
      setTo(until);
      await settle();
    },
    pending,
  };
}

/** Lets every promise that can go on without I/O go on. */
export async function settle(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setImmediate(resolve);
  await promise;
}
