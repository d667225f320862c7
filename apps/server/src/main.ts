#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { loadConfig } from "./config/load.ts";
import type { ConfigOptions } from "./config/resolve.ts";
import { ServerError } from "./errors/server-error.ts";
import { createLogger } from "./logging/logger.ts";
import { startServer } from "./start-server.ts";

const badStart = 2;

async function main(): Promise<void> {
  const loaded = loadConfig(process.argv.slice(2), {
    env: process.env,
    readFile: (path) => readFileSync(path, "utf8"),
  });
  if (loaded.kind === "help") {
    process.stdout.write(loaded.text);
    return;
  }
  await run(loaded.options, loaded.warnings);
}

async function run(options: ConfigOptions, warnings: readonly string[]): Promise<void> {
  const logger = createLogger({
    level: options.logLevel ?? "info",
    human: options.dev ?? false,
    write: (line) => process.stderr.write(line),
  });
  for (const warning of warnings) logger.warn(warning);
  const server = await startServer({ ...options, logger });
  const stop = () => {
    void server.close().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.stdout.write(`peerline-server ready ${server.url}\n`);
}

try {
  await main();
} catch (reason) {
  const error = ServerError.from(reason);
  if (error.code === "internal") throw reason;
  process.stderr.write(`peerline-server: ${error.message}\n`);
  process.exitCode = badStart;
}
