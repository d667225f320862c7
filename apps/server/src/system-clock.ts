import type { Clock } from "@peerline/call-machine";

/** Longest delay that the platform's timers take. */
const maxDelayMs = 2 ** 31 - 1;
/** A timer that is so late says that the process stood still. */
const stallMs = 50;

/**
 * The server's clock. `now` and the timers measure lengths of time: `now` never goes back and never jumps, whatever the
 * machine's wall clock is set to. It begins near the wall clock, so that servers that share a store agree about it.
 */
export interface ServerClock extends Clock {
  /**
   * The machine's wall clock, ms since 1970: for the expiry of tokens and credentials, and for times that people are shown.
   * May be set to anything at any moment. Default: `now`.
   */
  wall?(): number;
}

/** What the machine has: a clock that may be set, and one that only counts. Both in ms. */
export interface TimeSources {
  readonly wall: () => number;
  readonly elapsed: () => number;
}

const platform: TimeSources = { wall: () => Date.now(), elapsed: () => performance.now() };

/**
 * The platform's clocks. The timers never keep the process alive, and never fire early. One that a stall made late fires after what
 * came meanwhile is read: the platform runs timers first, and a client would count as silent whose words lie there.
 */
export function createSystemClock({ wall, elapsed }: TimeSources = platform): Required<ServerClock> {
  const startedAt = wall() - elapsed();
  const now = () => Math.floor(startedAt + elapsed());
  return {
    now,
    wall,
    setTimer(at, run) {
      let timer: NodeJS.Timeout;
      let reading: NodeJS.Immediate | undefined;
      const armedAt = now();
      const due = () => {
        if (now() - Math.max(at, armedAt) < stallMs) run();
        else reading = setImmediate(run);
      };
      const arm = () => {
        const delay = Math.min(maxDelayMs, Math.max(0, at - now()));
        timer = setTimeout(() => (now() >= at ? due() : arm()), delay);
        timer.unref();
      };
      arm();
      return () => {
        clearTimeout(timer);
        clearImmediate(reading);
      };
    },
  };
}

/** The wall clock's time now. */
export function wallNow(clock: ServerClock): number {
  return clock.wall?.() ?? clock.now();
}

/** The wall clock's time of a moment of `now`. */
export function toWall(clock: ServerClock, at: number): number {
  return at + (wallNow(clock) - clock.now());
}

/** The moment of `now` at which the wall clock will show `wallAt`, unless it is set meanwhile. */
export function fromWall(clock: ServerClock, wallAt: number): number {
  return wallAt - (wallNow(clock) - clock.now());
}
