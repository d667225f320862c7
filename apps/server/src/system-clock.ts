import type { Clock } from "@peerline/call-machine";

/** Longest delay that the platform's timers take. */
const maxDelayMs = 2 ** 31 - 1;

/** The platform's wall clock. Its timers never keep the process alive, and never fire early. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    setTimer(at, run) {
      let timer: NodeJS.Timeout;
      const arm = () => {
        const delay = Math.min(maxDelayMs, Math.max(0, at - Date.now()));
        timer = setTimeout(() => (Date.now() >= at ? run() : arm()), delay);
        timer.unref();
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}
