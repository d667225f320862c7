/**
 * `npm test`: every check, every unit test, the end-to-end tests and the NAT lab; goes on after a failure and fails at the end.
 * With CI set nothing comes from a cache. The last line is the summary.
 */

import { checkSteps } from "./lib/checks.mjs";
import { e2eStep, labStep } from "./lib/e2e.mjs";
import { longFiles } from "./lib/file-lengths.mjs";
import { reliabilityStep } from "./lib/reliability.mjs";
import { sizesStep } from "./lib/sizes-step.mjs";
import { runSteps } from "./lib/steps.mjs";

for (const line of longFiles()) {
  console.log(line);
}
process.exitCode = await runSteps([
  ...checkSteps({ cached: !process.env.CI }),
  sizesStep,
  e2eStep,
  labStep,
  reliabilityStep,
]);
