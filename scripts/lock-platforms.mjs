/**
 * `npm run lock:platforms`: names every platform's packages in package-lock.json (`--check` only tells).
 * Run it after `npm install` has changed the lock file.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { completeLock, missingPlatforms } from "./lib/lock-platforms.mjs";
import { root } from "./lib/repo.mjs";

const path = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8"));
const missing = Object.keys(missingPlatforms(lock));

if (missing.length === 0) {
  console.log("package-lock.json names every platform's packages.");
} else if (process.argv.includes("--check")) {
  console.error(
    `package-lock.json misses ${missing.length} packages of other platforms, such as ${missing[0]}.`,
  );
  console.error("Fix: npm run lock:platforms");
  process.exitCode = 1;
} else {
  writeFileSync(path, `${JSON.stringify(completeLock(lock), undefined, 2)}\n`);
  console.log(`package-lock.json: ${missing.length} packages of other platforms added.`);
}
