import type { Logger } from "../ports.ts";
import { type Session, startSession } from "../start-session.ts";
import type { CallId, EndedBy, EndReason, MediaKind } from "../types.ts";
import type { CallPhase, CallView } from "../view.ts";
import { createExchange, type Exchange, type ExchangeEndpoint } from "./exchange.ts";
import { type LossyLink, type LossyLinkOptions, lossyLink } from "./lossy-link.ts";
import { type Random, seededRandom } from "./random.ts";
import { type ScriptedMedia, scriptedMedia } from "./scripted-media.ts";
import { type ScriptedPeers, scriptedPeers } from "./scripted-peers.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

export interface WorldOptions {
  readonly seed: number;
  /** One endpoint for each name; a name that comes twice has two endpoints. */
  readonly users: readonly string[];
  /** The faults of every endpoint's link. Default none. */
  readonly faults?: Pick<LossyLinkOptions, "drop" | "duplicate" | "reorder" | "delayMs">;
  /** How likely a device is refused. Default 0. */
  readonly refusal?: number;
  /** Endpoints that accept by themselves. */
  readonly autoAccept?: MediaKind;
}

/** One session with its link and its devices, and what became of each of its calls. */
export interface WorldEndpoint {
  readonly user: string;
  readonly endpoint: ExchangeEndpoint;
  readonly session: Session;
  readonly link: LossyLink;
  readonly media: ScriptedMedia;
  /** The phases of each call, in order, from the log. */
  readonly phases: ReadonlyMap<CallId, readonly CallPhase[]>;
  readonly ends: ReadonlyMap<CallId, { readonly reason: EndReason; readonly by: EndedBy }>;
  /** What the screen shows. */
  call(): CallView | undefined;
}

/** Sessions over one exchange, with scripted peers and devices, all on one virtual clock. */
export interface World {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly exchange: Exchange;
  readonly peers: ScriptedPeers;
  readonly endpoints: readonly WorldEndpoint[];
  /** A fresh id for a call. */
  callId(): CallId;
  /** Runs the clock until nothing waits. False: `maxMs` passed first. */
  settle(maxMs?: number): boolean;
}

const defaultSettleMs = 600_000;
const idBytes = 16;

/** Everything is up and greeted: the first events of a test are its own. The same seed gives the same world. */
export function createWorld(options: WorldOptions): World {
  const { seed, users } = options;
  const clock = virtualClock();
  const random = seededRandom(seed);
  const exchange = createExchange({ clock, seed });
  const peers = scriptedPeers({ clock, seed });
  const endpoints = users.map((user, index) => {
    const shared = { clock, exchange, peers, ...options };
    return startEndpoint(shared, user, seed * users.length + index);
  });
  const world: World = {
    clock,
    random,
    exchange,
    peers,
    endpoints,
    callId: () => random.hex(idBytes),
    settle(maxMs = defaultSettleMs) {
      const end = clock.now() + maxMs;
      while (clock.now() < end && clock.advanceToNext());
      return clock.pending() === 0;
    },
  };
  world.settle();
  return world;
}

interface Shared extends WorldOptions {
  readonly clock: VirtualClock;
  readonly exchange: Exchange;
  readonly peers: ScriptedPeers;
}

function startEndpoint(shared: Shared, user: string, seed: number): WorldEndpoint {
  const { clock, exchange, peers, faults, refusal = 0, autoAccept } = shared;
  const phases = new Map<CallId, CallPhase[]>();
  const ends = new Map<CallId, { reason: EndReason; by: EndedBy }>();
  const endpoint = exchange.attach({ user });
  const link = lossyLink({ endpoint, clock, seed, ...faults });
  const media = scriptedMedia({ clock, seed, refusal });
  const ports = { signaling: link, peer: peers.createPort(), media, clock, logger: notebook(phases, ends) };
  const session = startSession(ports, { user, ...(autoAccept ? { autoAccept } : {}) });
  return { user, endpoint, session, link, media, phases, ends, call: () => session.view().call };
}

interface LifeLine {
  readonly callId: CallId;
  readonly reason?: EndReason;
  readonly by?: EndedBy;
}

/** Reads a session's log lines: one for each change of a call's life. */
function notebook(
  phases: Map<CallId, CallPhase[]>,
  ends: Map<CallId, { reason: EndReason; by: EndedBy }>,
): Logger {
  return {
    debug() {},
    warn() {},
    info(message, fields) {
      const { callId, reason, by } = fields as unknown as LifeLine;
      const phase = message.replace("call ", "") as CallPhase;
      phases.set(callId, [...(phases.get(callId) ?? []), phase]);
      if (reason && by) ends.set(callId, { reason, by });
    },
  };
}
