import { parseArgs } from "node:util";
import { beginFigure, keepFigure } from "../../scripts/figure-record.mjs";
import { botMemory } from "./bot-memory.ts";
import type { Figure } from "./figure.ts";
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
 * `npm run figures -w e2e`: lists them. `npm run figures -w e2e -- <name> [--runs <number>]`: measures, prints one line of JSON, and keeps it in
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
  const out = wanted === undefined && runs === undefined ? process.stdout : process.stderr;
  out.write(`figures <name | all> [--runs <whole number>] [--no-keep]\n${names.join("\n")}\n`);
  if (out === process.stderr) process.exitCode = usage;
} else {
  for (const figure of chosen) await take(figure);
  // libwebrtc's threads keep a process alive.
  process.exit();
}

async function take({ name, what, runs: usual, measure }: Figure): Promise<void> {
  const count = runs ?? usual;
  const measurement = beginFigure();
  try {
    const result = await measure(count, (text) => process.stderr.write(`${name}: ${text}\n`));
    const option = runs === undefined ? "" : ` --runs ${runs}`;
    const command = `npm run figures -w e2e -- ${name}${option}`;
    const record = measurement.end({ figure: name, what, command, runs: count, result });
    process.stdout.write(`${JSON.stringify(record)}\n`);
    if (values.keep) keepFigure(record);
  } catch (error) {
    process.exitCode = 1;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${name} could not be measured: ${text}\n`);
  }
}
