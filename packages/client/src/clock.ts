import type { Clock } from "@peerline/call-machine";

/** Browsers fire a longer timer at once. */
const longestTimerMs = 2 ** 31 - 1;
/** The two clocks of a platform drift by less between two readings, unless one is set or the platform slept. In ms. */
const driftMs = 500;

/** What the platform has: a clock that may be set, and one that only counts. Both in ms. */
export interface TimeSources {
  readonly wall: () => number;
  readonly elapsed: () => number;
}

const platform: TimeSources = { wall: () => Date.now(), elapsed: () => performance.now() };

/**
 * The platform's clock. `now` begins with the time of day and only counts from then on: whoever sets the platform's clock moves no
 * deadline and no length. It may stand still while the platform sleeps. `wall` follows what is set. Timers never fire early,
 * however long they are.
 */
export function systemClock({ wall, elapsed }: TimeSources = platform): Clock & { wall(): number } {
  const startedAt = wall() - elapsed();
  let ahead = 0;
  const now = () => Math.floor(startedAt + elapsed());
  return {
    now,
    wall() {
      const apart = wall() - now();
      if (Math.abs(apart - ahead) > driftMs) ahead = Math.round(apart);
      return now() + ahead;
    },
    setTimer(at, run) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const arm = (): void => {
        const delayMs = at - now();
        if (delayMs === Number.POSITIVE_INFINITY) return;
        // Platforms round down, and NaN is due.
        const next = () => (at > now() ? arm() : run());
        timer = setTimeout(next, Math.min(Math.max(0, Math.ceil(delayMs)), longestTimerMs));
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}
