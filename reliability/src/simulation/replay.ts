/** `npm run replay -w reliability -- --seed N`: one run again, with its trace in the order of time. */

import { parseArgs } from "node:util";
import { runSeed } from "./run-seed.ts";

const { values } = parseArgs({
  options: { seed: { type: "string" }, quiet: { type: "boolean", default: false } },
});
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed)) {
  process.stderr.write("Which run? npm run replay -w reliability -- --seed 42\n");
  process.exit(2);
}
const print = (line: string) => process.stdout.write(`${line}\n`);
process.stdout.on("error", () => process.exit(1));
const { problems, virtualMs } = await runSeed(seed, values.quiet ? {} : { trace: print });
print(
  problems.length === 0 ? `seed ${seed}: every invariant held` : `seed ${seed}:\n  ${problems.join("\n  ")}`,
);
print(`${virtualMs} ms of virtual time`);
process.exitCode = problems.length === 0 ? 0 : 1;
