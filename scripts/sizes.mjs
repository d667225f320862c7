/**
 * `npm run sizes`: writes the bundle sizes into docs/sizes.md, between its two markers. With `--check` it writes
 * nothing and fails when a budget is exceeded.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/repo.mjs";
import { packageSizes, sizesOfWeb } from "./lib/sizes.mjs";
import { overBudget, sizesDocument } from "./lib/sizes-document.mjs";

const path = join(root, "docs", "sizes.md");
const sizes = { web: await sizesOfWeb(), packages: await packageSizes() };
const complaints = overBudget(sizes);

if (!process.argv.includes("--check")) {
  mkdirSync(join(root, "docs"), { recursive: true });
  writeFileSync(path, sizesDocument(sizes, existsSync(path) ? readFileSync(path, "utf8") : undefined));
  console.log(`written: ${path}`);
}
for (const complaint of complaints) {
  console.error(complaint);
}
process.exitCode = complaints.length === 0 ? 0 : 1;
