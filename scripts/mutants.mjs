/**
 * `npm run mutants`: changes the decision code one place at a time and runs its tests; writes docs/mutants.md. Fails below the
 * score of stryker.config.json. With `--report` it only reads the report of the run before.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mutantsDocument, survivorsOf } from "./lib/mutants.mjs";
import { root, toolFolder } from "./lib/repo.mjs";
import { run } from "./lib/run.mjs";

const reportPath = join(root, ".reports", "mutation.json");
const reasonsPath = join(root, "reliability", "mutant-reasons.json");
const documentPath = join(root, "docs", "mutants.md");

const isReading = process.argv.includes("--report");
const { code } = isReading ? { code: 0 } : await run(join(toolFolder, "stryker"), ["run"], { echo: true });
const report = JSON.parse(readFileSync(reportPath, "utf8"));
const reasons = JSON.parse(readFileSync(reasonsPath, "utf8"));
writeFileSync(documentPath, mutantsDocument(report, reasons, new Date().toISOString().slice(0, 10)));
const unexplained = survivorsOf(report).filter(({ reason }) => reason(reasons) === undefined);
for (const { file, line, change } of unexplained) {
  console.error(`${file}:${line} survived and has no reason: ${change}`);
}
console.log(`written: docs/mutants.md, ${unexplained.length} survivors without a reason`);
process.exitCode = code;
