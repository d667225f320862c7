/**
 * `node scripts/own-node.mjs FILE …`: runs a file of the repository with the repository's own Node and the arguments
 * behind it, whichever Node started this. Ends as the file does: with its exit code, or 128 and the number of the signal.
 */

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { root, toolEnv, toolFolder } from "./lib/repo.mjs";

const [file = "", ...args] = process.argv.slice(2);
const child = spawn(join(toolFolder, "node"), [join(root, file), ...args], {
  env: toolEnv(),
  stdio: "inherit",
});

// The terminal sends SIGINT to the child as well: wait for it to end by itself.
process.on("SIGINT", () => undefined);
for (const signal of ["SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`${file} did not start: ${error.message}. Fix: npm run setup`);
  process.exitCode = 1;
});
child.on("exit", (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
