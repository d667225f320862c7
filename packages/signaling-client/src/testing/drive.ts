import type { VirtualClock } from "./virtual-clock.ts";

/** Lets everything that needs no time happen. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Moves the clock from one timer to the next until `isDone`, at most `stepMs` at a time. Gives up after `limitMs`. */
export async function drive(
  clock: VirtualClock,
  isDone: () => boolean,
  { stepMs = 1_000, limitMs = 3_600_000 } = {},
): Promise<void> {
  const end = clock.now() + limitMs;
  for (await quiet(); !isDone(); await quiet()) {
    if (clock.now() >= end) throw new Error(`not done after ${limitMs} ms`);
    clock.advanceBy(Math.max(1, Math.min(stepMs, clock.nextTimerAt() - clock.now())));
  }
}
