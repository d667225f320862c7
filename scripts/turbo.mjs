/** Runs the repository's own turbo: no global install, no telemetry, no daemon. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { root, toolEnv, toolFolder } from "./lib/repo.mjs";

const turbo = spawn(join(toolFolder, "turbo"), process.argv.slice(2), {
  cwd: root,
  env: toolEnv(),
  stdio: "inherit",
});

// The terminal sends SIGINT to turbo as well: wait for it to stop its tasks.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => turbo.kill("SIGTERM"));
turbo.on("error", (error) => {
  console.error(`turbo did not start: ${error.message}. Fix: npm run setup`);
  process.exitCode = 1;
});
turbo.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
