/** `npm run check`: everything that needs no browser. The last line is the summary. */

import { checkSteps } from "./lib/checks.mjs";
import { longFiles } from "./lib/file-lengths.mjs";
import { runSteps } from "./lib/steps.mjs";

// The simulation of random days in short: `npm test` runs it whole.
process.env.PEERLINE_DAYS ??= "150";
process.env.PEERLINE_RUNS ??= "300";
for (const line of longFiles()) {
  console.log(line);
}
process.exitCode = await runSteps(checkSteps({ cached: true }));
