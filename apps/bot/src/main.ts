#!/usr/bin/env node
import type { MediaKind } from "@peerline/call-machine";
import { Argument, Command, CommanderError, Option } from "commander";
import { duration, faultPlan, serverUrl, userName } from "./arguments.ts";
import { placeCall } from "./call.ts";
import { startEcho } from "./echo.ts";
import { exitCodeOfError, exitCodes } from "./exit-codes.ts";
import { faultHelp, type PlannedFault } from "./fault-plan.ts";
import { createLogger, createReport } from "./output.ts";

interface CommonOptions {
  readonly server: string;
  readonly user: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly relayOnly: boolean;
  readonly fault: readonly PlannedFault[];
}

interface CallCommandOptions extends CommonOptions {
  readonly media: MediaKind;
  readonly timeout: number;
  readonly talk: number;
}

const program = new Command("peerline-bot")
  .description("A Peerline client without a browser. Events on stdout with --json, logs on stderr.")
  .version("0.1.0 (protocol 1)")
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    "after",
    `
Exit codes: 0 ok · 1 a defect · 2 usage · 3 the server is not reached, or refuses · 4 not answered, declined or busy
            5 connected but no media · 124 timeout · 130 interrupted

Examples:
  npm run bot -- echo
  npm run -s bot -- call alice --json --timeout 30s
  npm run bot -- call alice --media audio --talk 10s --user carol
  npm run bot -- call alice --talk 30s --fault cut@5s,kill-media@10s+5s`,
  );

common(program.command("echo"), "echo")
  .description("accept every call and send back sound, picture and text")
  .option("--wait", "accepted for scripts: the bot always waits for the server")
  .action((options: CommonOptions) => runEcho(options));

common(program.command("call"), "bot")
  .description("ring a user, talk, hang up")
  .addArgument(new Argument("<user>", "who is rung").argParser(userName))
  .addOption(
    new Option("--media <kind>", "what to talk with").choices(["audio", "video", "data"]).default("video"),
  )
  .option("--timeout <duration>", "until the call is live", duration, 30_000)
  .option("--talk <duration>", "how long to stay once live", duration, 5_000)
  .action(async (callee: string, options: CallCommandOptions) => runCall(callee, options));

function common(command: Command, user: string): Command {
  return command
    .exitOverride()
    .addOption(
      new Option("--server <url>", "signaling server")
        .env("PEERLINE_SERVER_URL")
        .argParser(serverUrl)
        .default("http://localhost:8080"),
    )
    .addOption(
      new Option("--user <name>", "who signs in").env("PEERLINE_USER").argParser(userName).default(user),
    )
    .option("--relay-only", "media through the TURN server only", false)
    .addOption(
      new Option("--fault <plan>", `break something on purpose, in the first call: ${faultHelp}`)
        .argParser(faultPlan)
        .default([], "nothing"),
    )
    .option("--json", "NDJSON events on stdout", false)
    .option("--quiet", "warnings only", false)
    .option("--verbose", "details too", false);
}

function outputs({ json, quiet, verbose }: CommonOptions) {
  const level = quiet ? "warn" : verbose ? "debug" : "info";
  return {
    logger: createLogger(level, (line) => process.stderr.write(line), Date.now),
    report: createReport(json, (line) => process.stdout.write(line), Date.now),
  };
}

function runEcho(options: CommonOptions): void {
  const echo = startEcho({
    ...outputs(options),
    serverUrl: options.server,
    user: options.user,
    relayOnly: options.relayOnly,
    faults: options.fault,
  });
  void echo.over.then(leave);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      echo.close();
      leave(exitCodes.ok);
    });
  }
}

async function runCall(callee: string, options: CallCommandOptions): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupt.abort());
  const code = await placeCall({
    ...outputs(options),
    serverUrl: options.server,
    user: options.user,
    callee,
    kind: options.media,
    timeoutMs: options.timeout,
    talkMs: options.talk,
    relayOnly: options.relayOnly,
    faults: options.fault,
    signal: interrupt.signal,
  });
  leave(code);
}

/** The goodbye to the server and to the peer gets this long. */
const farewellMs = 400;

/** libwebrtc's threads keep a process alive, so it is ended once the goodbyes are out. */
function leave(code: number): void {
  setTimeout(() => process.exit(code), farewellMs);
}

// Whoever reads may go away: the bot goes on.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  } else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    leave(exitCodeOfError(error));
  }
}
