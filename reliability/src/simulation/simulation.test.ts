import { expect, test } from "vitest";
import { explain, runSeeds } from "./run-seeds.ts";

/** `PEERLINE_RUNS=n` for more or fewer; `npm run soak -w reliability` for very many. */
const runs = Number(process.env.PEERLINE_RUNS ?? 10_000);
const workers = 2;
const minuteMs = 60_000;
const runsPerMinute = 1_000;

test(`${runs} seeded runs of the whole system end in agreement with nothing left over`, {
  timeout: (1 + runs / runsPerMinute) * minuteMs,
}, async () => {
  const report = await runSeeds({ from: 1, runs, workers });
  process.stdout.write(`${JSON.stringify({ ...report, failures: report.failures.length })}\n`);
  expect(explain(report)).toBe("");
  expect(report.runs).toBe(runs);
});
