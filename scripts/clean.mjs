/** `npm run clean`: removes what builds and tests made; the packages stay. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/repo.mjs";
import { workspaces } from "./lib/workspaces.mjs";

for (const folder of ["", ...workspaces().map((workspace) => workspace.folder), "scripts"]) {
  for (const made of ["dist", ".reports", ".turbo", "coverage", "test-results", "playwright-report"]) {
    rmSync(join(root, folder, made), { recursive: true, force: true });
  }
}
