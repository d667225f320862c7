import { join } from "node:path";
import { toolFolder } from "./repo.mjs";
import { commandStep } from "./steps.mjs";

/** The budgets of docs/sizes.md are kept. */
export const sizesStep = commandStep("bundle sizes within budget", join(toolFolder, "node"), [
  "scripts/sizes.mjs",
  "--check",
]);
