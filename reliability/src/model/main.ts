import { beginFigure, keepFigure } from "../../../scripts/figure-record.mjs";
import type { Exploration } from "./core/explore.ts";
import { explored, type Run, runs } from "./runs.ts";

/** `npm run explore`: all worlds in their long form, or those whose line contains the argument. `--json`: as JSON. `--keep`: writes the sums into docs/reliability-figures.json. */
const { argv, stdout } = process;
const words = argv.slice(2).filter((word) => !word.startsWith("--"));
const asJson = argv.includes("--json");
const shortOnly = argv.includes("--short");
const keeps = argv.includes("--keep");

const chosen = runs.filter(
  (run) => (!shortOnly || run.isShort) && words.every((word) => `${run.world} ${run.faults}`.includes(word)),
);
if (chosen.length === 0) {
  stdout.write(`No world matches. There are:\n${runs.map(lineOf).join("\n")}\n`);
  process.exitCode = 2;
}

const msPerSecond = 1_000;
const widths = [26, 42, 10, 11, 10, 11, 8];
if (!asJson) print(["world", "faults", "states", "edges", "quiescent", "violations", "seconds"]);
const measurement = beginFigure();
const results: (Exploration & Pick<Run, "world" | "faults"> & { readonly seconds: number })[] = [];
for (const run of chosen) {
  const begun = performance.now();
  const { states, edges, quiescent, violations, isComplete } = await explored(run);
  const seconds = Number(((performance.now() - begun) / msPerSecond).toFixed(1));
  const { world, faults } = run;
  results.push({ world, faults, states, isComplete, edges, quiescent, violations, seconds });
  if (violations.length > 0) process.exitCode = 1;
  if (asJson) continue;
  print([world, faults, `${states}${isComplete ? "" : "+"}`, edges, quiescent, violations.length, seconds]);
  for (const { what, trace } of violations)
    stdout.write(`\n  ${what}\n${trace.map(indented).join("\n")}\n\n`);
}
if (asJson) stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
else {
  const states = results.reduce((sum, result) => sum + result.states, 0);
  stdout.write(`\n${states} states in all; "+" marks a bound that was reached.\n`);
}

if (keeps) {
  const sumOf = (count: (result: (typeof results)[number]) => number) =>
    results.reduce((sum, result) => sum + count(result), 0);
  const record = measurement.end({
    figure: "model",
    what: "Bounded worlds of the shipped decisions, every order of every event; the larger ones until their bound.",
    command:
      `npm run explore -w reliability -- ${[...words, ...(shortOnly ? ["--short"] : [])].join(" ")}`.trimEnd(),
    runs: results.length,
    result: {
      states: sumOf(({ states }) => states),
      edges: sumOf(({ edges }) => edges),
      quiescentStates: sumOf(({ quiescent }) => quiescent),
      violations: sumOf(({ violations }) => violations.length),
      worldsExhausted: sumOf(({ isComplete }) => (isComplete ? 1 : 0)),
      worldsThatReachedTheirBound: sumOf(({ isComplete }) => (isComplete ? 0 : 1)),
      worlds: results.map(({ violations, ...world }) => ({ ...world, violations: violations.length })),
    },
  });
  keepFigure(record);
}

function print(cells: readonly (string | number)[]): void {
  const row = cells.map((cell, index) => {
    const text = String(cell);
    return index < 2 ? text.padEnd(widths[index] ?? 0) : text.padStart(widths[index] ?? 0);
  });
  stdout.write(`${row.join(" ")}\n`);
}

function indented(step: string, index: number): string {
  return `    ${String(index + 1).padStart(2)}. ${step}`;
}

function lineOf({ world, faults }: Run): string {
  return `  ${world}, ${faults}`;
}
