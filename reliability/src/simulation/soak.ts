/** `npm run soak -w reliability -- --runs 1000000 --from 1`: many runs on all cores; the totals as JSON at the end. */

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { explain, runSeeds } from "./run-seeds.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "1000000" }, from: { type: "string", default: "1" } },
});
const runs = Number(values.runs);
const from = Number(values.from);
if (!Number.isSafeInteger(runs) || !Number.isSafeInteger(from) || runs < 1) {
  process.stderr.write("How many? npm run soak -w reliability -- --runs 100000 --from 1\n");
  process.exit(2);
}
const linesOfProgress = 100;
const every = Math.max(1, Math.floor(runs / linesOfProgress));
const startedAt = performance.now();
const seconds = () => Math.round((performance.now() - startedAt) / 1000);
const report = await runSeeds({
  from,
  runs,
  workers: availableParallelism(),
  onRun(done, failed) {
    if (done % every === 0)
      process.stderr.write(`${done} of ${runs} runs, ${failed} failed, ${seconds()} s\n`);
  },
});
if (report.failures.length > 0) process.stderr.write(`${explain(report)}\n`);
process.stdout.write(`${JSON.stringify({ from, seconds: seconds(), ...report }, undefined, 2)}\n`);
process.exitCode = report.failures.length === 0 ? 0 : 1;
