import type { Clock } from "@peerline/call-machine";
import { virtualClock } from "@peerline/call-machine/testing";

/** One clock for a whole world: it moves only when told to, and whatever a timer starts settles before the next one. */
export interface SimulationClock extends Clock {
  /** Runs what is due within `ms`, in order, then stands at the end of it. */
  advance(ms: number): Promise<void>;
  /** Runs timers one by one until `isDone`, looked at after each. False: `maxMs` passed first. */
  advanceUntil(isDone: () => boolean, maxMs: number): Promise<boolean>;
  /** A clock of one process, which can be killed or frozen without the others. */
  createProcess(): ProcessClock;
  /** How many timers wait in the whole world. */
  pending(): number;
}

/** The clock of one process: everything that enters the process comes through it. */
export interface ProcessClock extends Clock {
  /** Runs now, after the thaw when frozen, never when killed. */
  enter(run: () => void): void;
  /** What comes due meanwhile waits. */
  freeze(): void;
  /** What came due meanwhile runs, after `first`: a platform tells of its waking before it runs late timers. */
  thaw(first?: () => void): void;
  /** Nothing of this process runs any more. */
  kill(): void;
  isAlive(): boolean;
  pending(): number;
}

/** Not zero, so that a forgotten one shows. */
const startAtMs = 1_000_000_000;

export function createSimulationClock(): SimulationClock {
  const { now, setTimer, runNext, setTo, pending } = virtualClock(startAtMs);

  const clock: SimulationClock = {
    now,
    setTimer,
    async advance(ms) {
      const until = now() + ms;
      await settle();
      while (runNext(until)) await settle();
      setTo(until);
    },
    async advanceUntil(isDone, maxMs) {
      const until = now() + maxMs;
      await settle();
      while (!isDone()) {
        if (!runNext(until)) {
          setTo(until);
          return false;
        }
        await settle();
      }
      return true;
    },
    createProcess: () => createProcess(clock),
    pending,
  };
  return clock;
}

/** Lets every promise go on that can: nothing in a world waits for I/O, so this is all there is. */
function settle(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setImmediate(resolve);
  return promise;
}

function createProcess(clock: Clock): ProcessClock {
  const waiting = new Set<() => void>();
  const held: (() => void)[] = [];
  let state: "running" | "frozen" | "dead" = "running";

  const enter = (run: () => void) => {
    if (state === "frozen") held.push(run);
    if (state === "running") run();
  };

  return {
    now: clock.now,
    enter,
    setTimer(at, run) {
      let isCancelled = false;
      const cancelTimer = clock.setTimer(at, () => {
        waiting.delete(cancelTimer);
        enter(() => {
          if (!isCancelled) run();
        });
      });
      if (state !== "dead") waiting.add(cancelTimer);
      else cancelTimer();
      return () => {
        isCancelled = true;
        waiting.delete(cancelTimer);
        cancelTimer();
      };
    },
    freeze() {
      if (state === "running") state = "frozen";
    },
    thaw(first) {
      if (state !== "frozen") return;
      state = "running";
      first?.();
      for (const run of held.splice(0)) enter(run);
    },
    kill() {
      state = "dead";
      for (const cancel of waiting) cancel();
      waiting.clear();
      held.length = 0;
    },
    isAlive: () => state !== "dead",
    pending: () => waiting.size,
  };
}
