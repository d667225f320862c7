import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./repo.mjs";

/** Every npm workspace: its `folder` from the root, its `name`, and its package.json as `manifest`. */
export function workspaces() {
  const { workspaces: patterns } = readManifest("");
  return patterns
    .flatMap((pattern) => foldersOf(pattern))
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((folder) => ({ folder, manifest: readManifest(folder) }))
    .map(({ folder, manifest }) => ({ folder, name: manifest.name, manifest }));
}

function foldersOf(pattern) {
  if (!pattern.endsWith("/*")) {
    return [pattern];
  }
  const parent = pattern.slice(0, -2);
  return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}
