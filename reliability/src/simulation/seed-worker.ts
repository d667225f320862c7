import { parentPort, workerData } from "node:worker_threads";
import { runSeed } from "./run-seed.ts";
import type { SeedTask, SeedWord } from "./run-seeds.ts";

/** Runs every `step`th seed, and tells of each. */
// Most errors here are faults that were asked for; a replay has the traces.
Error.stackTraceLimit = 0;

const { from, to, step } = workerData as SeedTask;
const tell = (word: SeedWord) => parentPort?.postMessage(word);

for (let seed = from; seed < to; seed += step) {
  try {
    tell(await runSeed(seed));
  } catch (reason) {
    tell({ seed, problems: [`the run itself failed: ${String(reason)}`], totals: undefined, virtualMs: 0 });
  }
}
