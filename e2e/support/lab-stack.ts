import type { LabNetwork } from "../lab/network.ts";
import { type Lab, openLab } from "../lab/run.ts";
import { type Coturn, startCoturn } from "./coturn.ts";
import { type Enter, startNode } from "./lab-programs.ts";
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

/** Builds the network and starts what is on it; leaves nothing behind when that fails. */
export async function openLabStack(network: LabNetwork): Promise<LabStack> {
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
    const server = startServerThere(enter, {
      host: address,
      port: signalingPort,
      coturn,
      stun: true,
      turnTransports: ["udp", "tcp"],
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

/** A signaling server that hands out `coturn`. */
export function startServerThere(
  enter: Enter,
  options: {
    readonly host: string;
    readonly port: number;
    readonly coturn: Coturn;
    readonly stun: boolean;
    readonly turnTransports: readonly ("udp" | "tcp")[];
  },
): Program {
  const { host, port, coturn, stun, turnTransports } = options;
  const turn = turnTransports.flatMap((kind) => ["--turn-url", `turn:${coturn.address}?transport=${kind}`]);
  return startNode(
    enter,
    "apps/server/src/main.ts",
    [
      "--dev",
      "--host",
      host,
      "--port",
      String(port),
      ...(stun ? ["--stun-url", `stun:${coturn.address}`] : []),
      ...turn,
    ],
    { PEERLINE_TURN_SECRET: coturn.secret },
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
