/** `npm run reliability`: writes docs/reliability.md from the reports of the last `npm test` and the measured figures. */

import { writeReliability } from "./lib/reliability.mjs";

const { complaints, changed } = writeReliability();
for (const complaint of complaints) {
  console.error(complaint);
}
console.log(changed ? "written: docs/reliability.md" : "docs/reliability.md is up to date");
process.exitCode = complaints.length === 0 ? 0 : 1;
