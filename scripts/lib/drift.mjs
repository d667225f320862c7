import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, toolFolder } from "./repo.mjs";
import { run } from "./run.mjs";
import { oneFailed, onePassed } from "./summary.mjs";
import { workspaces } from "./workspaces.mjs";

/** Generating again must change nothing. The new files stay, ready to be committed. */
export const driftStep = {
  name: "generated files are up to date",
  run: async () => {
    const before = generatedFiles();
    const { code, output } = await run(join(toolFolder, "turbo"), [
      "run",
      "generate",
      "--force",
      "--output-logs=errors-only",
    ]);
    if (code !== 0) {
      return { ...oneFailed(`generation failed with exit code ${code}`), output };
    }
    const changed = changedPaths(before, generatedFiles());
    return changed.length === 0
      ? onePassed
      : oneFailed(`generating changed ${changed.join(", ")}. Fix: npm run generate, and commit the result`);
  },
};

/** The paths whose content differs, appeared or went. */
export function changedPaths(before, after) {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}

function generatedFiles() {
  const folders = [...workspaces().map(({ folder }) => join(folder, "src", "gen")), "docs"];
  const files = workspaces().map(({ folder }) => join(folder, "LIMITS.md"));
  const paths = [...folders.filter(exists).flatMap(filesIn), ...files.filter(exists)];
  return new Map(paths.map((path) => [path, hashOf(path)]));
}

function exists(path) {
  return existsSync(join(root, path));
}

function filesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1));
}

function hashOf(path) {
  return createHash("sha256")
    .update(readFileSync(join(root, path)))
    .digest("hex");
}
