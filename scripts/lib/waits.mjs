import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { callWaits, restingStates } from "../../packages/call-machine/src/docs/chart-waits.ts";
import { sessionMachine } from "../../packages/call-machine/src/session/machine.ts";
import { writeParts } from "./reliability.mjs";
import { root } from "./repo.mjs";
import { constantOf, declaredIn, membersOf, outsideWaits, stateUnionsIn } from "./wait-facts.mjs";

/** States that are not called so. */
const moreUnions = [["packages/call-machine/src/record/record.ts", "CallRecord.phase"]];

/** Words for what the charts say: the charts are looked at themselves. */
const shown = new Set([
  "packages/call-machine/src/view.ts: CallPhase",
  "packages/call-machine/src/view.ts: LinkState",
]);

/** What does not run in an application: tests, development, documents, generated code. */
const besides = /(^|\/)(gen|testing|docs|fuzz|faults|lab)\/|\.test\.|\.d\.ts$|\/contract\.ts$/;

/** The waits as they are listed: groups of `{ at, covers, for, within, because, next }`. */
export function listedWaits() {
  return JSON.parse(readFileSync(join(root, "reliability", "waits.json"), "utf8"));
}

/**
 * Every wait that the code has, by a name that the list must cover: the states of the charts with their own deadlines, the members
 * of the state unions, and whatever a source awaits from outside.
 */
export function foundWaits({ chart = callWaits(), sources = productSources() } = {}) {
  const own = new Set(sources.flatMap(({ path, text }) => [...declaredIn(text, path)]));
  return [
    ...chart.map((wait) => ({ name: `call: ${wait.state}`, chart: wait })),
    ...restingStates(sessionMachine).map((state) => ({ name: `session: ${state}` })),
    ...[...unionsOf(sources), ...moreUnions].flatMap(([path, union]) =>
      membersOf(sourceOf(path), path, union).map((member) => ({ name: `${union}: ${member}` })),
    ),
    ...sources.flatMap(({ path, text }) =>
      outsideWaits(text, path, own).map((call) => ({ name: `${path}: ${call}` })),
    ),
  ];
}

/** What is wrong with the list, one line each: a wait that it misses, one that is no more, one without an end or a reason. */
export function waitComplaints(groups, found) {
  const rows = groups.flatMap(({ rows }) => rows);
  const covered = rows.flatMap(({ covers }) => covers);
  const names = new Set(found.map(({ name }) => name));
  return [
    ...found
      .filter(({ name }) => !covered.includes(name))
      .map(
        ({ name }) =>
          `nothing is said of the wait "${name}": add it to reliability/waits.json with its deadline, or why it needs none`,
      ),
    ...covered
      .filter((name) => !names.has(name))
      .map((name) => `"${name}" waits for nothing any more: take it out`),
    ...covered
      .filter((name, index) => covered.indexOf(name) < index)
      .map((name) => `"${name}" is listed twice`),
    ...rows.flatMap((row) => rowComplaints(row, found)),
  ];
}

/** The table of the document: a part for each group. `numberOf(reference)` gives the milliseconds of `file name`. */
export function waitsTable(groups, found, numberOf = referredNumber) {
  return groups.flatMap(({ group, rows }) => [
    `**${group}**`,
    "",
    "| where | waits for | at most | then |",
    "|---|---|---|---|",
    ...rows.map((row) => `| ${row.at} | ${row.for} | ${endOf(row, found, numberOf)} | ${row.next} |`),
    "",
  ]);
}

/** Writes the table into docs/reliability.md. Gives what is wrong with the list, and whether the document changed. */
export function writeWaits() {
  const [listed, found] = [listedWaits(), foundWaits()];
  return {
    complaints: waitComplaints(listed, found),
    changed: writeParts({ waits: waitsTable(listed, found) }),
  };
}

/** "15 min", "1.5 s", "250 ms". */
export function lengthOf(ms) {
  const units = [
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1_000],
  ];
  const [unit, length] = units.find(([, each]) => ms >= each && (ms * 4) % each === 0) ?? ["ms", 1];
  return `${(ms / length).toLocaleString("en-US")} ${unit}`;
}

/** The sources that run in an application, as `{ path, text }`. */
export function productSources() {
  return ["packages", "apps"]
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}/src`))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map(
        (path) => `${folder}/${path.replaceAll("\\", "/")}`,
      ),
    )
    .filter((path) => /\.tsx?$/.test(path) && !besides.test(path))
    .sort()
    .map((path) => ({ path, text: sourceOf(path) }));
}

function unionsOf(sources) {
  return sources
    .flatMap(({ path, text }) => stateUnionsIn(text, path).map((union) => [path, union]))
    .filter(([path, union]) => !shown.has(`${path}: ${union}`));
}

function rowComplaints({ at, covers, within = [], because }, found) {
  const charts = found.flatMap(({ name, chart }) => (chart && covers.includes(name) ? [chart] : []));
  const isOpen = charts.some(({ isOpen }) => isOpen) || charts.length === 0;
  if (isOpen && within.length === 0 && !because)
    return [`"${at}" has neither a deadline nor a reason for none`];
  if (!isOpen && because) return [`"${at}" has a deadline of its own, and needs no reason`];
  return [];
}

function endOf({ covers, within = [], because }, found, numberOf) {
  const timers = found.flatMap(({ name, chart }) => (chart && covers.includes(name) ? chart.deadlines : []));
  const own = timers.map(({ timer, leastMs, mostMs }) => `${rangeOf(leastMs, mostMs)} \`${timer}\``);
  const others = within.map((reference) => `${lengthOf(numberOf(reference))} \`${reference.split(" ")[1]}\``);
  return [...own, ...others, ...(because ? [`– ${because}`] : [])].join("<br>");
}

function rangeOf(leastMs, mostMs) {
  return leastMs === mostMs ? lengthOf(mostMs) : `${lengthOf(leastMs)} to ${lengthOf(mostMs)}`;
}

function referredNumber(reference) {
  const [path, name] = reference.split(" ");
  return constantOf(sourceOf(path), path, name);
}

function sourceOf(path) {
  return readFileSync(join(root, path), "utf8");
}
