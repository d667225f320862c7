/**
 * `npm run reliability`: writes docs/reliability.md from the reports of the last `npm test`, the measured figures and the waits
 * of the code. With `--waits` only those, which need no run.
 */

import { writeReliability, writeWaits } from "./lib/reliability.mjs";

const { complaints, changed } = process.argv.includes("--waits") ? writeWaits() : writeReliability();
for (const complaint of complaints) {
  console.error(complaint);
}
console.log(changed ? "written: docs/reliability.md" : "docs/reliability.md is up to date");
process.exitCode = complaints.length === 0 ? 0 : 1;
