import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./repo.mjs";

const longLines = 250;
const allowedShare = 0.1;

/** The lines of a warning when more than a tenth of the source files is longer than 250 lines, else none. */
export function longFiles() {
  const lengths = ["packages", "apps"].flatMap(sourceFiles).map((path) => ({ path, lines: linesOf(path) }));
  return warning(lengths);
}

/** See `longFiles`. */
export function warning(lengths) {
  const long = lengths.filter(({ lines }) => lines > longLines).sort((a, b) => b.lines - a.lines);
  if (long.length <= lengths.length * allowedShare) {
    return [];
  }
  return [
    `note: ${long.length} of ${lengths.length} source files are longer than ${longLines} lines:`,
    ...long.map(({ path, lines }) => `  ${lines} ${path}`),
  ];
}

function sourceFiles(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => walk(join(folder, entry.name, "src")));
}

function walk(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name === "gen" ? [] : walk(path);
    }
    return /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) ? [path] : [];
  });
}

function linesOf(path) {
  return readFileSync(join(root, path), "utf8").split("\n").length - 1;
}
