/** Checks who imports whom (docs/architecture.md) over the real imports of every workspace's sources. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { arrowViolations } from "./lib/arrows.mjs";
import { root } from "./lib/repo.mjs";
import { workspaces } from "./lib/workspaces.mjs";

const all = workspaces();
const sources = all.flatMap(({ folder }) => sourcesOf(folder));
const violations = sources.flatMap((file) => arrowViolations(file, subpathsOf));

for (const violation of violations) {
  console.error(violation);
}
if (sources.length === 0) {
  console.error("no source file was found");
}
console.log(`${sources.length} files, ${violations.length} violations of the import arrows`);
process.exitCode = violations.length === 0 && sources.length > 0 ? 0 : 1;

function subpathsOf(name) {
  const manifest = all.find((workspace) => workspace.name === name)?.manifest;
  return manifest && Object.keys(manifest.exports ?? {});
}

function sourcesOf(folder) {
  const sourceFolder = join(root, folder, "src");
  if (!existsSync(sourceFolder)) {
    return [];
  }
  return readdirSync(sourceFolder, { recursive: true })
    .filter((path) => /\.(ts|tsx)$/.test(path) && !/\.test\.tsx?$/.test(path) && !path.startsWith("gen/"))
    .map((path) => ({ folder, path: `src/${path}`, text: readFileSync(join(sourceFolder, path), "utf8") }));
}
