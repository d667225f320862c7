import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/**
 * Run by `prepack` and `postpack` in a package's folder: `dist` makes `exports` name the built files, `source` restores
 * the workspace's own, which name the TypeScript.
 */
const saved = "package.json.source";

export function distExports(exports) {
  return Object.fromEntries(
    Object.entries(exports).map(([name, source]) => {
      const built = source.replace("./src/", "./dist/").replace(/\.ts$/, "");
      return [name, { types: `${built}.d.ts`, default: `${built}.js` }];
    }),
  );
}

const [, , target] = process.argv;
if (target === "dist" && !existsSync(saved)) {
  copyFileSync("package.json", saved);
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  manifest.exports = distExports(manifest.exports);
  writeFileSync("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
}
if (target === "source" && existsSync(saved)) renameSync(saved, "package.json");
