/**
 * `npm run soak -w reliability -- --runs 1000000 --from 1 [--minutes 60] [--keep]`: many runs on all cores, until they are done or
 * the time is over; the totals as JSON at the end. `--keep` writes them into docs/reliability-figures.json.
 */

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { beginFigure, keepFigure } from "../../../scripts/figure-record.mjs";
import { explain, runSeeds, type SeedsReport } from "./run-seeds.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    from: { type: "string", default: "1" },
    minutes: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
const from = Number(values.from);
const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
const isUsable =
  Number.isSafeInteger(runs) &&
  Number.isSafeInteger(from) &&
  runs >= 1 &&
  (minutes === undefined || minutes > 0);
if (!isUsable) {
  process.stderr.write("How many? npm run soak -w reliability -- --runs 100000 --from 1 --minutes 30\n");
  process.exit(2);
}
const linesOfProgress = 100;
const msPerMinute = 60_000;
const every = Math.max(1, Math.floor(runs / linesOfProgress));
/** What each promise's invariants are, by their numbers in PROTOCOL 3. */
const promises = {
  eventsLostDoubledOrReordered: [13, 14, 15, 16],
  commandsExecutedTwiceOrOutOfOrder: [11, 17],
  callsThatDisagree: [1, 2, 3, 4, 7, 12, 33],
  callsThatRingWhenOver: [5, 6],
  callsStuckOrGhosts: [29, 30, 32],
  thingsLeftOpen: [18, 24],
} as const;

const startedAt = performance.now();
const seconds = () => Math.round((performance.now() - startedAt) / 1000);
const measurement = beginFigure();
const report = await runSeeds({
  from,
  runs,
  workers: availableParallelism(),
  ...(minutes === undefined ? {} : { signal: AbortSignal.timeout(minutes * msPerMinute) }),
  onFailure: (failure) => process.stderr.write(`${explain({ failures: [failure] })}\n`),
  onRun(done, failed) {
    if (done % every === 0)
      process.stderr.write(`${done} of ${runs} runs, ${failed} failed, ${seconds()} s\n`);
  },
});
process.stdout.write(`${JSON.stringify({ from, seconds: seconds(), ...report }, undefined, 2)}\n`);
if (values.keep) keepFigure(measurement.end(figureOf(report)));
process.exitCode = report.failed === 0 ? 0 : 1;

function figureOf({ runs: done, failed, broken, totals, virtualHours }: SeedsReport) {
  const kept = Object.entries(promises).map(([name, numbers]) => [
    name,
    numbers.reduce<number>((sum, number) => sum + (broken[number] ?? 0), 0),
  ]);
  return {
    figure: "simulation",
    what: "Seeded runs of real sessions and the real server over a carrier that loses, doubles, delays, cuts and half-opens.",
    command: `npm run soak -w reliability -- --from ${from} --runs ${done}`,
    runs: done,
    seed: from,
    result: { runsWithAProblem: failed, ...Object.fromEntries(kept), ...totals, virtualHours },
  };
}
