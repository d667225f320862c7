import {
  type CallId,
  type CallPhase,
  type EndedBy,
  type EndReason,
  type Logger,
  type Session,
  type SessionPorts,
  type SignalingPort,
  startSession,
} from "@peerline/call-machine";
import { type Random, type ScriptedMedia, scriptedMedia } from "@peerline/call-machine/testing";
import { fromHex } from "@peerline/call-machine/wire";
import { createSignalingSession } from "@peerline/signaling-client";
import type { ProcessClock, SimulationClock } from "./clock.ts";
import type { Moment } from "./history.ts";
import { createLine, type Line } from "./line.ts";
import type { Rule, Totals } from "./passage.ts";
import type { PeerPlug, Peers } from "./peers.ts";
import { issueToken, tokenLifeMs } from "./server-process.ts";
import { createSignalingTap } from "./signaling-tap.ts";
import type { TabOptions } from "./tab.ts";
import type { Host } from "./wire.ts";

/** What a tab needs of its world. */
export interface TabSurroundings {
  readonly clock: SimulationClock;
  readonly random: Random;
  readonly peers: Peers;
  readonly host: () => Host | undefined;
  readonly rules: readonly Rule[];
  readonly totals: Totals;
  readonly tell: (moment: Moment) => void;
  readonly note: ((who: string, text: string) => void) | undefined;
}

/** One load of a page, from its start to its end. */
export interface Life {
  readonly number: number;
  readonly process: ProcessClock;
  readonly session: Session;
  readonly line: Line;
  readonly media: ScriptedMedia;
  readonly peers: PeerPlug;
}

/** A page that says goodbye leaves its last requests to the browser. */
export function endLife(
  { process, line, peers }: Life,
  how: "page-gone" | "sign-out" | "crash" | "vanish",
): void {
  peers.unplug();
  process.kill();
  if (how === "crash") line.cut();
  if (how === "vanish") line.sever();
}

export type LifeOptions = TabOptions & { readonly name: string; readonly endpointId: string };

export function startLife(options: LifeOptions, world: TabSurroundings, number: number): Life {
  const { user, name, refusal = 0, mediaMs = [1, 300] } = options;
  const { clock, random, peers, host, rules, totals, note } = world;
  const process = clock.createProcess();
  const line = createLine({ who: name, clock, process, host, rules, totals, note });
  const tap = createSignalingTap((told) => {
    world.tell({ at: clock.now(), tab: name, life: number, ...told } as Moment);
    if (told.type === "event") totals.eventsApplied += 1;
    if (told.type === "command") totals.commandsSent += 1;
  });
  const signaling = tap.watchPort(connect(options, world, { process, line, tap }));
  const media = scriptedMedia({
    clock: process,
    seed: random.between(1, 2 ** 31),
    refusal,
    delayMs: mediaMs,
  });
  const plug = peers.connect(process);
  const logger = notebook((told) => world.tell({ at: clock.now(), tab: name, life: number, ...told }));
  const ports: SessionPorts = { signaling, peer: plug.port, media, clock: process, logger };
  const session = startSession(options.wrapPorts?.(ports) ?? ports, {
    user,
    ...(options.autoAccept && { autoAccept: options.autoAccept }),
    ...(options.capacity && { capacity: options.capacity }),
    ...(options.timers && { timers: options.timers }),
  });
  watchRings(session, (callId) =>
    world.tell({ at: clock.now(), tab: name, life: number, type: "ring", callId }),
  );
  return { number, process, session, line, media, peers: plug };
}

function connect(
  { user, name, endpointId, alertPolicy, timing, wrapTransport = (transport) => transport }: LifeOptions,
  { clock, random }: TabSurroundings,
  { process, line, tap }: Pick<Life, "process" | "line"> & { tap: ReturnType<typeof createSignalingTap> },
): SignalingPort {
  return createSignalingSession({
    transport: tap.watchTransport(wrapTransport(line.transport)),
    endpointId: fromHex(endpointId),
    getToken: async () => ({ token: issueToken(user, clock), validForMs: tokenLifeMs }),
    client: { product: name, ...(alertPolicy !== undefined && { alertPolicy }) },
    clock: process,
    random: random.next,
    ...(timing && { timing }),
  });
}

/** Rings start when a screen shows that someone calls and can be answered. */
function watchRings(session: Session, onRing: (callId: CallId) => void): void {
  let ringing: readonly CallId[] = [];
  session.subscribe(({ calls }) => {
    const now = calls
      .filter(({ phase, can }) => phase === "incoming" && can.accept)
      .map(({ callId }) => callId);
    const started = now.filter((callId) => !ringing.includes(callId));
    ringing = now;
    for (const callId of started) onRing(callId);
  });
}

interface LifeLine {
  readonly callId: CallId;
  readonly reason?: EndReason;
  readonly by?: EndedBy;
}

/** Reads a session's log: one line for each change of a call's life. */
function notebook(
  tell: (moment: {
    type: "phase";
    callId: CallId;
    phase: CallPhase;
    reason: EndReason | undefined;
    by: EndedBy | undefined;
  }) => void,
): Logger {
  return {
    debug() {},
    warn() {},
    info(message, fields) {
      if (!message.startsWith("call ")) return;
      const { callId, reason, by } = fields as unknown as LifeLine;
      tell({ type: "phase", callId, phase: message.slice("call ".length) as CallPhase, reason, by });
    },
  };
}
