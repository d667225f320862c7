import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, toolFolder } from "./repo.mjs";
import { run } from "./run.mjs";
import { countVitest, oneFailed, sum } from "./summary.mjs";
import { workspaces } from "./workspaces.mjs";

const report = join(".reports", "vitest.json");

/** The unit tests of every workspace that has a `test` script. */
export function workspaceTestsStep({ cached }) {
  return {
    name: "unit tests of the workspaces",
    run: async () => {
      const tested = workspaces().filter(({ manifest }) => manifest.scripts?.test !== undefined);
      removeReports(tested);
      const args = [
        "run",
        "test",
        "--continue=always",
        "--output-logs=errors-only",
        "--log-order=grouped",
        "--concurrency=2",
      ];
      const { code, output } = await run(join(toolFolder, "turbo"), cached ? args : [...args, "--force"]);
      return together(
        tested.map(({ folder, name }) => [name, tallyIn(folder)]),
        code,
        output,
      );
    },
  };
}

/** The tests of the scripts themselves. */
export const scriptTestsStep = {
  name: "tests of the scripts",
  run: async () => {
    removeReports([{ folder: "scripts" }]);
    const { code, output } = await run(join(toolFolder, "vitest"), ["run", "--root", "scripts"]);
    return together([["scripts", tallyIn("scripts")]], code, output);
  },
};

function removeReports(tested) {
  for (const { folder } of tested) {
    rmSync(join(root, folder, report), { force: true });
  }
}

function tallyIn(folder) {
  const path = join(root, folder, report);
  return existsSync(path)
    ? countVitest(JSON.parse(readFileSync(path, "utf8")))
    : oneFailed("ended without a report");
}

function together(tallies, code, output) {
  const total = sum(tallies.map(([, tally]) => tally));
  const reasons = tallies
    .filter(([, tally]) => tally.why !== undefined)
    .map(([name, tally]) => `${name}: ${tally.why}`);
  if (total.failed === 0 && code !== 0) {
    return { ...sum([total, oneFailed()]), why: `the runner ended with exit code ${code}`, output };
  }
  return { ...total, ...(reasons.length > 0 && { why: reasons.join("; ") }), output };
}
