import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import type { IceConfig, ServerTimers } from "../../apps/server/src/index.ts";
import { type Program, startProgram } from "./processes.ts";

/** A signaling server of a test's own. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly program: Program;
}

/** Short graces, so that what the server decides by time is decided within a test. */
const quick = ["--ring-seconds", "15", "--detach-grace-seconds", "3"];

/** `port` 0: any free one. */
export function startServer(
  args: readonly string[] = quick,
  port = 0,
  env: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  return ready(startProgram("apps/server/src/main.ts", ["--dev", "--port", String(port), ...args], env));
}

/** What a server's flags do not set. */
export interface TunedOptions {
  readonly timers?: Partial<ServerTimers>;
  readonly ice?: IceConfig;
  readonly port?: number;
}

/** A server with lengths of time of a test's own. */
export function startTunedServer(options: TunedOptions): Promise<TestServer> {
  return ready(startProgram("e2e/programs/tuned-server.ts", [JSON.stringify(options)]));
}

async function ready(program: Program): Promise<TestServer> {
  const line = await program.line(/peerline-server ready http:\/\/\S+/);
  const url = line.replace(/^.*(http:\/\/\S+).*$/, "$1");
  return { url, port: Number(new URL(url).port), program };
}

const tokenSecretBytes = 32;

/** A server that a test kills and starts again, at the same address. */
export interface MortalServer {
  readonly url: string;
  /** The process that runs now, or ran last. */
  program(): Program;
  /** `kill -9`. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves when the next one can be called. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

/** What the servers of one application share. */
function sharedSecret(): Readonly<Record<string, string>> {
  return { PEERLINE_TOKEN_SECRET: randomBytes(tokenSecretBytes).toString("hex") };
}

/** Two servers of one application, each with a memory of its own. */
export interface SuccessiveServers {
  readonly first: TestServer;
  /** Starts the other one. */
  next(): Promise<TestServer>;
  stop(): Promise<void>;
}

export async function startSuccessiveServers(): Promise<SuccessiveServers> {
  const env = sharedSecret();
  const first = await startServer([], 0, env);
  const running = [first];
  return {
    first,
    async next() {
      const next = await startServer([], 0, env);
      running.push(next);
      return next;
    },
    async stop() {
      for (const { program } of running) await program.stop();
    },
  };
}

/** Its tokens outlive it, as an application's do. */
export async function startMortalServer(args: readonly string[] = []): Promise<MortalServer> {
  const port = await freePort();
  const env = sharedSecret();
  let current = await startServer(args, port, env);
  return {
    url: current.url,
    program: () => current.program,
    kill: () => current.program.stop("SIGKILL"),
    async revive() {
      current = await startServer(args, port, env);
    },
    stop: () => current.program.stop(),
  };
}

export async function startEcho(serverUrl: string, name = "echo"): Promise<Program> {
  const bot = startProgram("apps/bot/src/main.ts", ["echo", "--server", serverUrl, "--user", name]);
  await bot.line(/echo is online/i);
  return bot;
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
