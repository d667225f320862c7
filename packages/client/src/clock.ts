import type { Clock } from "@peerline/call-machine";

/** Browsers fire a longer timer at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The platform's clock. A deadline that passed while the platform slept fires with the first timer turn after the wake. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    setTimer(at, run) {
      const timer = setTimeout(run, Math.min(Math.max(0, at - Date.now()), longestTimerMs));
      return () => clearTimeout(timer);
    },
  };
}
