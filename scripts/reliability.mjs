/**
 * `npm run reliability`: writes docs/reliability.md from the waits of the code, the reports of the last `npm test` and the measured
 * figures. With `--waits` only the first, which need no run.
 */

import { writeReliability } from "./lib/reliability.mjs";
import { writeWaits } from "./lib/waits.mjs";

const written = [writeWaits(), ...(process.argv.includes("--waits") ? [] : [writeReliability()])];
const complaints = written.flatMap((part) => part.complaints);
for (const complaint of complaints) {
  console.error(complaint);
}
const changed = written.some((part) => part.changed);
console.log(changed ? "written: docs/reliability.md" : "docs/reliability.md is up to date");
process.exitCode = complaints.length === 0 ? 0 : 1;
