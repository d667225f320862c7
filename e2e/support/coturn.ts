import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Enter } from "./lab-programs.ts";
import type { Program } from "./processes.ts";
import { startCommand } from "./processes.ts";

/** A TURN server of a test's own, with the credentials that the signaling server hands out. */
export interface Coturn {
  /** `host:port`, UDP and TCP. */
  readonly address: string;
  /** What the signaling server needs to know: PEERLINE_TURN_SECRET. */
  readonly secret: string;
  /** Kills it and starts it again: it knows no allocation of before. */
  restart(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

export interface CoturnOptions {
  readonly host: string;
  readonly port: number;
  /** Default: on this machine. */
  readonly enter?: Enter;
  /** Only for a relay between programs of one machine: coturn refuses such peers otherwise. Default: false. */
  readonly allowLoopback?: boolean;
}

/** Starts coturn, from Debian's package `coturn`. Resolves when it listens. */
export async function startCoturn(options: CoturnOptions): Promise<Coturn> {
  const { host, port, enter = [] } = options;
  const secret = randomBytes(16).toString("hex");
  const folder = await mkdtemp(join(tmpdir(), "peerline-coturn-"));
  const file = join(folder, "turnserver.conf");
  await writeFile(file, configuration(options, secret, folder), { mode: 0o600 });
  const start = () => startCommand([...enter, "turnserver", "-c", file]);
  let program = start();
  const stop = async () => {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const restart = async () => {
    await program.stop("SIGKILL");
    program = start();
    await listening(program, port);
  };
  try {
    await listening(program, port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { address: `${host}:${port}`, secret, restart, stop };
}

const startWithinMs = 10_000;
const pollMs = 20;

/** Coturn keeps its log lines back, so the kernel is asked: it knows the ports of the process's network. */
async function listening(program: Program, port: number): Promise<void> {
  const socket = new RegExp(`: [0-9A-F]+:${port.toString(16).toUpperCase().padStart(4, "0")} `);
  const ended = program.exited.then((code) => {
    throw new Error(`turnserver ended with code ${code}\n${program.lines.join("\n")}`);
  });
  // Later it may be ended on purpose.
  ended.catch(() => undefined);
  const deadline = performance.now() + startWithinMs;
  while (performance.now() < deadline) {
    const tables = ["udp", "tcp"].map((kind) =>
      readFile(`/proc/${program.pid}/net/${kind}`, "utf8").catch(() => ""),
    );
    if ((await Promise.all(tables)).every((table) => socket.test(table))) return;
    await Promise.race([delay(pollMs), ended]);
  }
  throw new Error(`turnserver does not listen on port ${port} within ${startWithinMs} ms`);
}

/** Peers in private networks are refused, as an operator must: docs/security. */
const privateRanges = ["10.0.0.0-10.255.255.255", "172.16.0.0-172.31.255.255", "192.168.0.0-192.168.255.255"];

function configuration(
  { host, port, allowLoopback = false }: CoturnOptions,
  secret: string,
  folder: string,
): string {
  return `${[
    `listening-ip=${host}`,
    `relay-ip=${host}`,
    `listening-port=${port}`,
    "use-auth-secret",
    `static-auth-secret=${secret}`,
    "realm=peerline",
    "fingerprint",
    "no-multicast-peers",
    "no-cli",
    "no-tls",
    "no-dtls",
    "relay-threads=1",
    "log-file=stdout",
    "simple-log",
    `pidfile=${join(folder, "turnserver.pid")}`,
    `userdb=${join(folder, "turndb")}`,
    ...(allowLoopback ? ["allow-loopback-peers"] : privateRanges.map((range) => `denied-peer-ip=${range}`)),
  ].join("\n")}\n`;
}
