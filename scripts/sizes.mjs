/**
 * `npm run sizes`: writes the bundle sizes into docs/sizes.md, between its two markers, and the client's into README.md. With
 * `--check` it writes nothing and fails when a budget is exceeded, or when the pages say something else.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/repo.mjs";
import { packageSizes, sizesOfWeb } from "./lib/sizes.mjs";
import { outOfDate, overBudget, readmeWithSize, sizesDocument } from "./lib/sizes-document.mjs";

const path = join(root, "docs", "sizes.md");
const readmePath = join(root, "README.md");
const sizes = { web: await sizesOfWeb(), packages: await packageSizes() };
const present = existsSync(path) ? readFileSync(path, "utf8") : undefined;
const isCheck = process.argv.includes("--check");
const complaints = [...overBudget(sizes), ...(isCheck ? outOfDate(sizes, present ?? "") : [])];

if (!isCheck) {
  mkdirSync(join(root, "docs"), { recursive: true });
  const page = sizesDocument(sizes, present);
  writeFileSync(path, page);
  writeFileSync(readmePath, readmeWithSize(readFileSync(readmePath, "utf8"), page));
  console.log(`written: ${path}, and the client's size in README.md`);
}
for (const complaint of complaints) {
  console.error(complaint);
}
process.exitCode = complaints.length === 0 ? 0 : 1;
