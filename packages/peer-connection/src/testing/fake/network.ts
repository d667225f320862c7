import { FakeConnection, type FakeConnectionOptions } from "./connection.ts";
import { areConnectable } from "./transport.ts";

/** How the fakes of one network behave. */
export interface FakeNetworkOptions {
  /** Runs something soon: each step of an operation, each candidate, each message. Default `queueMicrotask`. */
  readonly schedule?: (run: () => void) => void;
  /** False: a remote offer in `have-local-offer` throws, as in older libwebrtc. Default true. */
  readonly implicitRollback?: boolean;
  /** False: there is no `connectionState`. Default true. */
  readonly connectionState?: boolean;
  /** What every connection gathers, in order. Default: one host and one server-reflexive candidate. */
  readonly candidateTypes?: readonly RTCIceCandidateType[];
  /** False: the gathering never completes, as with a STUN server that does not answer. Default true. */
  readonly gatheringEnds?: boolean;
  /** False: consent checks are never answered between two readings of the statistics. Default true: always. */
  readonly consentAnswers?: boolean;
}

/** Connections that reach each other once they have exchanged descriptions and candidates. */
export interface FakeNetwork {
  createConnection(configuration?: RTCConfiguration): FakeConnection;
  /** All that were ever made, in order. */
  readonly connections: readonly FakeConnection[];
  /** How many are not closed. */
  readonly openCount: number;
  /** Nothing passes: connected ends become `disconnected`. What is sent meanwhile waits. */
  interrupt(): void;
  /** As `interrupt`, and the ends become `failed`: only an ICE restart helps after `restore`. */
  fail(): void;
  /** What is sent to these, by default to all, gets lost, and no end is told: nothing that arrives says so. */
  swallow(towards?: readonly FakeConnection[]): void;
  /** Packets pass again. */
  restore(): void;
}

/** A network with no connections. */
export function createFakeNetwork(options: FakeNetworkOptions = {}): FakeNetwork {
  const connections: FakeConnection[] = [];
  const waiting: (() => void)[] = [];
  let passes = true;
  let deaf: readonly FakeConnection[] = [];
  let counter = 0;

  const reached = new Map<FakeConnection, FakeConnection>();

  const findPeer = (one: FakeConnection) =>
    connections.find((other) => other !== one && !other.isClosed && areConnectable(one.end, other.end));

  /** The old path carries until an ICE restart has found the new one. */
  const peerOf = (one: FakeConnection) => {
    const peer = findPeer(one) ?? reached.get(one);
    return peer?.isClosed ? undefined : peer;
  };

  function examine() {
    if (!passes) return;
    for (const one of connections) {
      const peer = findPeer(one);
      if (one.isClosed || peer === undefined || [one, peer].some((end) => deaf.includes(end))) continue;
      reached.set(one, peer);
      one.reach();
    }
  }

  const shared: FakeConnectionOptions = {
    schedule: options.schedule ?? queueMicrotask,
    implicitRollback: options.implicitRollback ?? true,
    hasConnectionState: options.connectionState ?? true,
    candidateTypes: options.candidateTypes ?? ["host", "srflx"],
    gatheringEnds: options.gatheringEnds ?? true,
    createId: () => String(++counter),
    examine,
    peerOf,
    consentAnswers: options.consentAnswers ?? true,
    arrivesAt: (one) => passes && !deaf.includes(one),
    carry(run) {
      if (passes) run();
      else waiting.push(run);
    },
  };

  return {
    createConnection(configuration = {}) {
      const connection = new FakeConnection(shared, configuration);
      connections.push(connection);
      return connection;
    },
    connections,
    get openCount() {
      return connections.filter(({ isClosed }) => !isClosed).length;
    },
    interrupt() {
      passes = false;
      for (const one of connections) one.lose("disconnected");
    },
    fail() {
      passes = false;
      for (const one of connections) one.lose("failed");
    },
    swallow(towards = connections) {
      deaf = [...towards];
    },
    restore() {
      passes = true;
      deaf = [];
      for (const run of waiting.splice(0)) run();
      examine();
    },
  };
}
