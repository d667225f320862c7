import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./repo.mjs";

const block = /(?:<!-- (file|part of): (\S+) -->\n)?^ *```(\w*)\n([\s\S]*?)^ *```$/gm;
const span = /`([^`\n]+(?:\n[^`\n]+)?)`/g;

/** Every page that a person reads, by its path from the root. */
export const pages = [
  ...markdownIn("."),
  ...markdownIn("docs"),
  ...markdownIn("docs/adr"),
  ...readdirSync(join(root, "packages")).flatMap((name) => markdownIn(`packages/${name}`)),
];

function markdownIn(folder) {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => (folder === "." ? name : `${folder}/${name}`));
}

/** The text of a file of the repository. */
export function read(path) {
  return readFileSync(join(root, path), "utf8");
}

/** True for a file or a folder of the repository. */
export function isThere(path) {
  return existsSync(join(root, path));
}

/** The blocks of a page: language, code, and the line above that names a file, as `how` and `path`. */
export function blocksOf(page) {
  return [...read(page).matchAll(block)].map(([, how, path, language, code]) => ({
    language,
    how,
    path,
    code,
  }));
}

/** What stands between single backticks on a page, outside of its blocks. */
export function spansOf(page) {
  return [...read(page).replace(block, "").matchAll(span)].map(([, text]) =>
    text.replace(/\s+/g, " ").trim(),
  );
}
