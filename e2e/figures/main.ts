import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { botMemory } from "./bot-memory.ts";
import { type Figure, type FigureRecord, withRecord } from "./figure.ts";
import { offlineMinute, serverDownMinute } from "./outages.ts";
import { pathChangeBot, pathChangeBrowser } from "./path-change.ts";
import { relayTcp, relayUdp } from "./relay-setup.ts";
import { ringStops } from "./ring-stops.ts";
import { killedRinging } from "./server-killed-ringing.ts";
import { killedTalking } from "./server-killed-talking.ts";
import { storm } from "./storm.ts";
import { streamCut } from "./stream-cut.ts";
import { tabMemory } from "./tab-memory.ts";

/**
 * `npm run figures -w e2e -- <name> [--runs <number>]`: measures, prints one line of JSON, and keeps it in
 * docs/reliability-figures.json unless `--no-keep` is given. `all` takes one after the other.
 */
const figures: readonly Figure[] = [
  killedTalking,
  killedRinging,
  streamCut,
  storm,
  ringStops,
  relayUdp,
  relayTcp,
  pathChangeBot,
  pathChangeBrowser,
  offlineMinute,
  serverDownMinute,
  botMemory,
  tabMemory,
];
const file = fileURLToPath(new URL("../../docs/reliability-figures.json", import.meta.url));
const usage = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string" }, keep: { type: "boolean", default: true } },
  allowNegative: true,
});
const [wanted] = positionals;
const chosen = figures.filter(({ name }) => wanted === "all" || name === wanted);
const runs = values.runs === undefined ? undefined : Number(values.runs);

if (chosen.length === 0 || (runs !== undefined && !(Number.isInteger(runs) && runs > 0))) {
  const names = figures.map(({ name, runs, what }) => `  ${name.padEnd(24)}${what} Runs: ${runs}.`);
  process.stderr.write(`figures <name | all> [--runs <whole number>] [--no-keep]\n${names.join("\n")}\n`);
  process.exitCode = usage;
} else {
  for (const figure of chosen) await take(figure);
  // libwebrtc's threads keep a process alive.
  process.exit();
}

async function take(figure: Figure): Promise<void> {
  const loadBefore = load();
  const startedAt = performance.now();
  const count = runs ?? figure.runs;
  try {
    const result = await figure.measure(count, (text) => process.stderr.write(`${figure.name}: ${text}\n`));
    keep({
      figure: figure.name,
      what: figure.what,
      command: `npm run figures -w e2e -- ${figure.name}${runs === undefined ? "" : ` --runs ${runs}`}`,
      date: new Date().toISOString(),
      runs: count,
      tookSeconds: Math.round((performance.now() - startedAt) / 1_000),
      machine: { processors: availableParallelism(), loadBefore, loadAfter: load() },
      result,
    });
  } catch (error) {
    process.exitCode = 1;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${figure.name} could not be measured: ${text}\n`);
  }
}

function keep(record: FigureRecord): void {
  process.stdout.write(`${JSON.stringify(record)}\n`);
  if (!values.keep) return;
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as FigureRecord[]) : [];
  writeFileSync(file, `${JSON.stringify(withRecord(kept, record), undefined, 2)}\n`);
}

function load(): number {
  return Number((loadavg()[0] ?? 0).toFixed(2));
}
