import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./repo.mjs";

const stampPath = join(root, "node_modules", ".peerline-setup");

/** True when node_modules holds what package-lock.json names, for this platform, and its tools were seen to run. */
export function packagesAreInstalled() {
  return existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp();
}

/** Remembers that. */
export function rememberInstalled() {
  writeFileSync(stampPath, stamp());
}

/** True when a plain `npm install` already put there what package-lock.json names. */
export function installedByHand() {
  const path = join(root, "node_modules", ".package-lock.json");
  return existsSync(path) && sameContent(readLock(join(root, "package-lock.json")), readLock(path));
}

/** True when every package that a lock file requires is installed in the version it names. */
export function sameContent(lock, installed) {
  return Object.entries(lock.packages).every(([path, entry]) => {
    const present = installed.packages[path];
    if (path === "" || present === undefined) {
      return path === "" || entry.optional === true || !path.includes("node_modules/");
    }
    return present.version === entry.version;
  });
}

function stamp() {
  const hash = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  return `${process.platform}-${process.arch} ${hash}\n`;
}

function readLock(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}
