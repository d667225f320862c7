/** `busy`: in a call or ringing. PROTOCOL 1.13 has one column for each. */
export type Pace = "busy" | "idle";

const busyStepsMs = [0, 250, 500, 1_000, 2_000, 4_000] as const;
const busyLongestMs = 4_000;
const idleFirstMs = 500;
const idleLongestMs = 20_000;
/** For twenty attempts, more than a minute. Until then a server that restarts is found again soon. */
const idleSoonMs = 10_000;
const idleSoonFailures = 20;

/**
 * Delay before the next attempt, in ms, after `failures` earlier ones in a row (0: this is the first). Busy: 0, 250,
 * 500, 1000, 2000, 4000, 4000, … each × 0.5 to 1.5. Idle: anything from 0 to min(10 s, 0.5 s · 2ⁿ), after twenty attempts up
 * to 20 s. `random` is in [0, 1). PROTOCOL 1.13; the lower bound at first is ADR 10.
 */
export function backoffMs(failures: number, pace: Pace, random: number): number {
  if (pace === "busy") return Math.round((busyStepsMs[failures] ?? busyLongestMs) * (0.5 + random));
  const longestMs = failures < idleSoonFailures ? idleSoonMs : idleLongestMs;
  const ceiling = Math.min(longestMs, idleFirstMs * 2 ** Math.min(failures, idleSoonFailures));
  return Math.round(ceiling * random);
}

/** The failures that still count after a stream that lived for `livedMs`. */
export function failuresAfter(failures: number, livedMs: number, resetAfterMs: number): number {
  return livedMs >= resetAfterMs ? 0 : failures;
}
