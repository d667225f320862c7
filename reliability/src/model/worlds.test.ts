import { expect, test } from "vitest";
import { explored, runs } from "./runs.ts";

const maxStates = 200_000;
/** Under load; a world takes a second or two. */
const timeoutMs = 120_000;

for (const run of runs.filter(({ isShort }) => isShort)) {
  test(`${run.world}, ${run.faults}: every state keeps the invariants, and rest is always in reach`, {
    timeout: timeoutMs,
  }, async () => {
    const { violations, isComplete, quiescent } = await explored(run, { maxStates });
    expect({ violations, isComplete }).toEqual({ violations: [], isComplete: true });
    expect(quiescent).toBeGreaterThan(0);
  });
}
