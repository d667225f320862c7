import { join } from "node:path";
import { driftStep } from "./drift.mjs";
import { root, toolFolder } from "./repo.mjs";
import { commandStep } from "./steps.mjs";
import { scriptTestsStep, workspaceTestsStep } from "./unit-tests.mjs";

/** Everything that needs no browser, in the order in which a mistake is found soonest. */
export function checkSteps({ cached }) {
  const tool = (name) => join(toolFolder, name);
  const proto = { cwd: join(root, "proto") };
  return [
    driftStep,
    commandStep("proto: lint", tool("buf"), ["lint"], proto),
    commandStep("proto: format", tool("buf"), ["format", "--diff", "--exit-code"], proto),
    commandStep("proto: nothing released is broken", tool("node"), [
      "scripts/released-images.mjs",
      "--check",
    ]),
    commandStep("style and format (biome)", tool("biome"), ["check", ".", "--error-on-warnings"]),
    commandStep("import arrows", tool("node"), ["scripts/check-arrows.mjs"]),
    commandStep("nothing unused (knip)", tool("knip"), ["--no-progress"]),
    commandStep("lock file names every platform", tool("node"), ["scripts/lock-platforms.mjs", "--check"]),
    commandStep("types of every workspace", tool("turbo"), typecheckArgs(cached)),
    scriptTestsStep,
    workspaceTestsStep({ cached }),
  ];
}

function typecheckArgs(cached) {
  const args = [
    "run",
    "typecheck",
    "--continue=always",
    "--output-logs=errors-only",
    "--log-order=grouped",
    "--concurrency=2",
  ];
  return cached ? args : [...args, "--force"];
}
