#!/usr/bin/env node
import { readFileSync, statSync } from "node:fs";
import { loadConfig } from "./config/load.ts";
import { type ConfigOptions, resolveConfig } from "./config/resolve.ts";
import { ServerError } from "./errors/server-error.ts";
import { devLine } from "./logging/dev-line.ts";
import { createLineSink } from "./logging/line-sink.ts";
import { createLogger } from "./logging/logger.ts";
import { obeySignals } from "./process-signals.ts";
import { logWarnings } from "./process-warnings.ts";
import { startServer } from "./start-server.ts";

const badStart = 2;
/** What a drain may take beside `drainMs`: last words, sockets, the store. */
const afterDrainMs = 5_000;
const maxSecretFileBytes = 64 * 1024;
const warnLevel = 40;

async function main(): Promise<void> {
  // Whoever read the first line may be gone by the second.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  const loaded = loadConfig(process.argv.slice(2), { env: process.env, readFile: readSecretFile });
  if (loaded.kind === "help") {
    process.stdout.write(loaded.text);
    return;
  }
  await run(loaded.options, loaded.warnings);
}

async function run(options: ConfigOptions, warnings: readonly string[]): Promise<void> {
  const human = options.dev ?? false;
  const write = createLineSink(process.stderr, (count) => lostLine(count, human));
  const logger = createLogger({ level: options.logLevel ?? "info", human, write });
  logWarnings(process, logger);
  for (const warning of warnings) logger.warn(warning);
  const server = await startServer({ ...options, logger });
  obeySignals({
    server,
    logger,
    process,
    longestDrainMs: resolveConfig(options).timers.drainMs + afterDrainMs,
    now: () => performance.now(),
    setTimer: (afterMs, run) => setTimeout(run, afterMs),
  });
  process.stdout.write(`peerline-server ready ${server.url}\n`);
}

function lostLine(count: number, human: boolean): string {
  const time = new Date().toISOString();
  const json = `${JSON.stringify({ level: warnLevel, time, msg: "log lines were not written", count })}\n`;
  return human ? devLine(json) : json;
}

function readSecretFile(path: string): string {
  const found = statSync(path);
  if (!found.isFile() || found.size > maxSecretFileBytes) throw new Error("no file of a secret");
  return readFileSync(path, "utf8");
}

try {
  await main();
} catch (reason) {
  const error = ServerError.from(reason);
  if (error.code === "internal") throw reason;
  process.stderr.write(`peerline-server: ${error.message}\n`);
  process.exitCode = badStart;
}
