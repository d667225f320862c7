import type { Clock } from "@peerline/call-machine";
import type { Random } from "@peerline/call-machine/testing";
import {
  createMemoryStore,
  createRoutes,
  type RouteOptions,
  ServerError,
  type Store,
  type TokenVerifier,
} from "@peerline/server";
import type { ProcessClock } from "./clock.ts";
import { createInProcessTransport } from "./in-process-transport.ts";
import { type Ledger, tapStore } from "./store-tap.ts";
import type { Host } from "./wire.ts";

/** One life of the real server: its own memory, everybody's clock. */
export interface ServerProcess extends Host {
  readonly ledger: Ledger;
  readonly startedAt: number;
  /** Since when everything in its memory is lost; undefined while it runs. */
  stoppedAt(): number | undefined;
  /** `kill -9`: no timer, no answer, no goodbye. What it had in memory is lost. */
  kill(): void;
  /** SIGTERM: sends everyone away, then stops. */
  drain(): Promise<void>;
  isAlive(): boolean;
  /** Timers that wait. */
  pending(): number;
  readonly bugs: readonly string[];
}

export interface ServerProcessOptions {
  readonly process: ProcessClock;
  readonly random: Random;
  readonly routes?: Partial<RouteOptions>;
  /** Between the server and its memory: for deliberate breakages. */
  readonly wrapStore?: (store: Store) => Store;
}

export const tokenLifeMs = 10 * 60_000;
/** Bounds of a mailbox. PROTOCOL 1.11. */
const caps = { maxEvents: 512, maxBytes: 1024 * 1024 };
const epochBytes = 8;
const partyBytes = 16;

export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { process, random, routes, wrapStore = (store) => store } = options;
  const { store, ledger } = tapStore(createMemoryStore({ clock: process, caps }));
  const bugs: string[] = [];
  const startedAt = process.now();
  const server = await createRoutes({
    dev: true,
    clock: process,
    ids: { epoch: () => random.hex(epochBytes), party: () => random.hex(partyBytes), random: random.next },
    verify: verifierOf(process),
    store: wrapStore(store),
    logger: {
      debug() {},
      info() {},
      warn: (message, fields) => bugs.push(`${message} ${JSON.stringify(fields ?? {})}`),
    },
    ...routes,
  });
  const gone = new AbortController();
  let stoppedAt: number | undefined;
  const stop = () => {
    stoppedAt ??= process.now();
    process.kill();
    gone.abort();
  };
  return {
    transport: createInProcessTransport(server.routes),
    gone: gone.signal,
    ledger,
    startedAt,
    stoppedAt: () => stoppedAt,
    bugs,
    kill: stop,
    async drain() {
      await server.close();
      stop();
    },
    isAlive: process.isAlive,
    pending: process.pending,
  };
}

/** A token is "user.time of issue"; a real one costs a signature, which is not what a simulation is about. */
export function issueToken(user: string, clock: Clock): string {
  return `${user}.${clock.now()}`;
}

function verifierOf(clock: Clock): TokenVerifier {
  return async (token) => {
    const [user = "", issuedAt = ""] = token.split(".");
    const expiresAt = Number(issuedAt) + tokenLifeMs;
    if (clock.now() >= expiresAt) throw new ServerError("unauthenticated", "The token has expired.");
    return {
      user,
      displayName: user,
      scopes: { place: true, receive: true, presence: true },
      expiresAt,
    };
  };
}
