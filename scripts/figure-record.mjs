/** Measured figures, kept in docs/reliability-figures.json; `npm run reliability` makes the page's table from them. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { root } from "./lib/repo.mjs";

const file = join(root, "docs", "reliability-figures.json");

/** Begins a measurement: the time and the machine's load are taken here, and again at its `end`. */
export function beginFigure() {
  const startedAt = performance.now();
  const loadBefore = load();
  return {
    end: ({ figure, what, command, runs, seed, result }) => ({
      figure,
      what,
      command,
      date: new Date().toISOString(),
      runs,
      ...(seed === undefined ? {} : { seed }),
      tookSeconds: Math.round((performance.now() - startedAt) / 1_000),
      machine: { processors: availableParallelism(), loadBefore, loadAfter: load() },
      result,
    }),
  };
}

/** Writes the record in the place of the one with its name. */
export function keepFigure(record) {
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  writeFileSync(file, `${JSON.stringify(withRecord(kept, record), undefined, 2)}\n`);
}

/** The records with `fresh` in the place of the one it supersedes, in the order of their names. */
export function withRecord(records, fresh) {
  return [...records.filter(({ figure }) => figure !== fresh.figure), fresh].sort((one, other) =>
    one.figure < other.figure ? -1 : 1,
  );
}

function load() {
  return Number((loadavg()[0] ?? 0).toFixed(2));
}
