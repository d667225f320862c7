import type { Clock } from "@peerline/call-machine";

/** The platform's clock, for contract runs; `setTimeout` as it is. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(at, run) {
    const timer = setTimeout(run, Math.max(0, at - Date.now()));
    return () => clearTimeout(timer);
  },
};
