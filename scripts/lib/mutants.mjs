/** What a mutation report says, as a page. The report has the mutation-testing-elements form. */

const detected = new Set(["Killed", "Timeout"]);
const undetected = new Set(["Survived", "NoCoverage"]);
const longestChange = 100;

/** The mutants that no test noticed; `reason(reasons)` is the first reason that fits, or undefined. */
export function survivorsOf(report) {
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => undetected.has(status))
      .map((mutant) => {
        const { line } = mutant.location.start;
        const change = changeOf(source, mutant);
        const survivor = { file, line, mutator: mutant.mutatorName, change };
        return { ...survivor, reason: (reasons) => reasons.find((entry) => fits(entry, survivor))?.reason };
      }),
  );
}

/** Detected mutants of all, in percent. */
export function scoreOf(files) {
  const all = files.flatMap(({ mutants }) => mutants).map(({ status }) => status);
  const killed = all.filter((status) => detected.has(status)).length;
  const counted = killed + all.filter((status) => undetected.has(status)).length;
  return { killed, counted, percent: counted === 0 ? 100 : (100 * killed) / counted };
}

export function mutantsDocument(report, reasons, date) {
  const survivors = survivorsOf(report);
  const total = scoreOf(Object.values(report.files));
  const explained = reasons.map((entry) => [
    entry,
    survivors.filter((one) => reasons.find((other) => fits(other, one)) === entry),
  ]);
  const atLoad = Object.values(report.files)
    .flatMap(({ mutants }) => mutants)
    .filter(({ status }) => status === "Ignored").length;
  const open = survivors.filter((one) => one.reason(reasons) === undefined);
  return [
    "# Mutation testing",
    "",
    `Written by \`npm run mutants\` on ${date}: ${total.killed} of ${total.counted} changes to the decision code were noticed`,
    `by a test, **${total.percent.toFixed(1)} %**; the run fails below 85 %. ${atLoad} more are in what`,
    "runs once when a module loads (tables, constants); they were not tried. What survived, by reason:",
    "",
    ...explained
      .filter(([, fitting]) => fitting.length > 0)
      .flatMap(([{ reason }, fitting]) => [`- **${reason}** (${fitting.length})`, ...fitting.map(lineOf)]),
    ...(open.length > 0 ? [`- **No test yet** (${open.length})`, ...open.map(lineOf)] : []),
    "",
    "| file | score | survived |",
    "|---|---:|---:|",
    ...Object.entries(report.files).map(([file, entry]) => {
      const { killed, counted, percent } = scoreOf([entry]);
      return `| ${file} | ${percent.toFixed(1)} % | ${counted - killed} |`;
    }),
    "",
  ].join("\n");
}

function lineOf({ file, line, change }) {
  return `  - ${file}:${line} ${change}`;
}

function fits({ file, mutator, change }, survivor) {
  return (
    (file === undefined || survivor.file.includes(file)) &&
    (mutator === undefined || survivor.mutator === mutator) &&
    (change === undefined || new RegExp(change).test(survivor.change))
  );
}

function changeOf(source, { location: { start, end }, replacement = "" }) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  const first =
    lines.length === 1 ? lines[0].slice(start.column - 1, end.column - 1) : lines[0].slice(start.column - 1);
  return `${code(lines.length === 1 ? first : `${first} …`)} → ${code(replacement)}`;
}

function code(text) {
  const one = text.replaceAll(/\s+/g, " ").replaceAll("`", "'").trim();
  return `\`${one.length > longestChange ? `${one.slice(0, longestChange)} …` : one || " "}\``;
}
