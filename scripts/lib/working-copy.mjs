import { cpSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { root } from "./repo.mjs";

/** What a clone does not have. */
const made = new Set([
  "node_modules",
  ".git",
  ".turbo",
  ".reports",
  "dist",
  "coverage",
  "test-results",
  "playwright-report",
]);

/**
 * A copy of the repository as it is on this disk, for programs that write into it. Its packages are the installed ones, by links,
 * but for the workspaces, which are the copy's own. Gives its folder.
 */
export function copyRepository() {
  const copy = mkdtempSync(join(tmpdir(), "peerline-copy-"));
  const installed = [];
  cpSync(root, copy, {
    recursive: true,
    verbatimSymlinks: true,
    filter(path) {
      if (basename(path) === "node_modules") {
        installed.push(path);
      }
      return path === root || !made.has(basename(path));
    },
  });
  for (const folder of installed) {
    linkPackages(folder, join(copy, relative(root, folder)));
  }
  return copy;
}

function linkPackages(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name.startsWith(".vite") || entry.name === ".cache") {
      continue;
    }
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.name === "@peerline") {
      linkWorkspaces(source, target);
    } else if (entry.name === ".bin" || entry.name.startsWith("@")) {
      linkPackages(source, target);
    } else if (entry.isFile()) {
      cpSync(source, target);
    } else {
      symlinkSync(source, target);
    }
  }
}

/** Their links are relative, so that the same ones lead into the copy. */
function linkWorkspaces(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    symlinkSync(readlinkSync(join(from, name)), join(to, name));
  }
}
