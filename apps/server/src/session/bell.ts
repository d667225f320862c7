import type { Clock } from "@peerline/call-machine";

/** Wakes the one who waits. A ring while nobody waits is not lost. */
export interface Bell {
  ring(): void;
  /** Forgets earlier rings; call it before looking at what a ring announces. */
  reset(): void;
  /** Resolves at the next ring, at once if there was one since `reset`, and at `until` at the latest. */
  wait(until: number): Promise<void>;
}

export function createBell(clock: Clock): Bell {
  let rung = false;
  let wakeUp: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wakeUp?.();
    },
    reset() {
      rung = false;
    },
    async wait(until) {
      if (rung) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = clock.setTimer(until, resolve);
      wakeUp = resolve;
      await promise;
      wakeUp = undefined;
      cancel();
    },
  };
}
