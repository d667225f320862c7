import type { LabNetwork } from "../lab/network.ts";
import { type Lab, openLab } from "../lab/run.ts";
import { type Coturn, startCoturn } from "./coturn.ts";
import { type Enter, startNode } from "./lab-programs.ts";
import type { Trouble } from "./path-trouble.ts";
import type { Program } from "./processes.ts";

/** A network of the lab with the signaling server and coturn on its public host `server`. */
export interface LabStack {
  readonly lab: Lab;
  readonly serverUrl: string;
  /** Starts the echo bot on `host`, and waits until it is online. */
  echo(host: string, ...args: readonly string[]): Promise<Program>;
  /** Starts a bot on `host` that calls `echo`. */
  call(host: string, ...args: readonly string[]): Program;
  /** Starts a program of the repository on `host`; it ends with the lab. */
  start(host: string, file: string, args: readonly string[], env?: Readonly<Record<string, string>>): Program;
  /** Has something closed after the network is gone. */
  defer(close: () => Promise<void>): void;
  close(): Promise<void>;
}

/** The public host that the server runs on: every network needs it. */
export const serverHost = "server";

const signalingPort = 8080;
const turnPort = 3478;
const troubledPort = 3479;
const troubleSeed = 1;
const forwarderFile = "e2e/programs/udp-forwarder.ts";

/**
 * Builds the network and starts what is on it; leaves nothing behind when that fails. `relayPath`: what the way to the TURN
 * server, over UDP, does to every datagram; without it nothing.
 */
export async function openLabStack(network: LabNetwork, relayPath?: Trouble): Promise<LabStack> {
  const lab = openLab(network);
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    lab.close();
    await Promise.all(closers.map((stop) => stop()));
  };
  try {
    const { address } = lab.place(serverHost);
    const enter = lab.enter(serverHost);
    const coturn = await startCoturn({ host: address, port: turnPort, enter });
    closers.push(coturn.stop);
    const turnAddress = relayPath ? `${address}:${troubledPort}` : coturn.address;
    if (relayPath) {
      const options = JSON.stringify({ ...relayPath, seed: troubleSeed });
      const forwarder = startNode(enter, forwarderFile, [turnAddress, coturn.address, options]);
      closers.push(forwarder.stop);
      await forwarder.line(/^forwarding$/);
    }
    const server = startServerThere(enter, {
      host: address,
      port: signalingPort,
      turn: { address: turnAddress, secret: coturn.secret },
      stun: true,
      turnTransports: relayPath ? ["udp"] : ["udp", "tcp"],
    });
    closers.push(server.stop);
    await server.line(serverIsReady);
    const serverUrl = `http://${address}:${signalingPort}`;
    const start: LabStack["start"] = (host, ...rest) => {
      const program = startNode(lab.enter(host), ...rest);
      closers.push(program.stop);
      return program;
    };
    const defer = (stop: () => Promise<void>) => void closers.push(stop);
    return { lab, serverUrl, start, defer, close, ...bots(serverUrl, start) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the server prints when it can be called. */
export const serverIsReady = /peerline-server ready http:\/\/\S+/;

/** A signaling server that hands out a TURN server, and asks the same for STUN. */
export function startServerThere(
  enter: Enter,
  options: {
    readonly host: string;
    readonly port: number;
    readonly turn: Pick<Coturn, "address" | "secret">;
    readonly stun: boolean;
    readonly turnTransports: readonly ("udp" | "tcp")[];
  },
): Program {
  const { host, port, turn, stun, turnTransports } = options;
  const urls = turnTransports.flatMap((kind) => ["--turn-url", `turn:${turn.address}?transport=${kind}`]);
  return startNode(
    enter,
    "apps/server/src/main.ts",
    [
      "--dev",
      "--dev-anywhere",
      "--host",
      host,
      "--port",
      String(port),
      ...(stun ? ["--stun-url", `stun:${turn.address}`] : []),
      ...urls,
    ],
    { PEERLINE_TURN_SECRET: turn.secret },
  );
}

const bot = "apps/bot/src/main.ts";

function bots(serverUrl: string, start: LabStack["start"]): Pick<LabStack, "echo" | "call"> {
  const common = ["--server", serverUrl, "--json"];
  return {
    async echo(host, ...args) {
      const program = start(host, bot, ["echo", ...common, ...args]);
      await program.line(/"event":"online"/);
      return program;
    },
    call: (host, ...args) => start(host, bot, ["call", "echo", "--user", "caller", ...common, ...args]),
  };
}
