import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import type { ProcessClock, SimulationClock } from "./clock.ts";
import { describePassage, type Fate, type Passage, type Rule, type Totals } from "./passage.ts";

/** The server that answers now. */
export interface Host {
  readonly transport: Transport;
  /** Aborted when its process is gone. */
  readonly gone: AbortSignal;
}

export interface LineOptions {
  readonly who: string;
  readonly clock: SimulationClock;
  /** Of the endpoint: what arrives enters there. */
  readonly process: ProcessClock;
  /** Undefined: nothing listens, connections are refused. */
  readonly host: () => Host | undefined;
  /** Asked in order; the first answer counts. Without one a passage arrives after `defaultDelayMs`. */
  readonly rules: readonly Rule[];
  readonly totals: Totals;
  /** A line of the trace for each passage. Undefined: none is wanted. */
  readonly note: ((who: string, text: string) => void) | undefined;
}

/** One request with its answer, or one stream: what breaks when its connection does. */
export interface Exchange {
  readonly rpc: string;
  readonly break: () => void;
}

/** What the exchanges of one endpoint share. */
export interface Wire extends LineOptions {
  readonly exchanges: Set<Exchange>;
  /** What arrived while nothing passes. */
  readonly held: (() => void)[];
  isPaused: boolean;
  /** The device is gone: nothing arrives any more. */
  isSevered: boolean;
  rule: Rule | undefined;
  sent: number;
  arrived: number;
  /** What is on its way, and has not arrived. */
  underWay: number;
}

/** One way; a round trip is twice that. */
export const defaultDelayMs = 20;
/** When a server takes a connection for dead of which it hears nothing. */
export const serverNoticesMs = 30_000;

export function fateOf(wire: Wire, kind: Passage["kind"], rpc: string, message: unknown): Fate {
  const passage: Passage = { kind, rpc, who: wire.who, message };
  const fate = decide(wire, passage);
  wire.note?.(wire.who, describePassage(passage, fate));
  return fate;
}

function decide(wire: Wire, passage: Passage): Fate {
  for (const rule of wire.rule ? [wire.rule, ...wire.rules] : wire.rules) {
    const fate = rule(passage);
    if (fate) return fate;
  }
  return { delayMs: defaultDelayMs };
}

/** Something arrives: at its time, or when the network is back. */
export function arrive(wire: Wire, at: number, run: () => void): void {
  wire.underWay += 1;
  const land = () => {
    wire.underWay -= 1;
    if (!wire.isSevered) run();
  };
  wire.clock.setTimer(at, () => {
    if (wire.isPaused && !wire.isSevered) wire.held.push(land);
    else land();
  });
}

export function brokenConnection(): ConnectError {
  return new ConnectError("the connection broke", Code.Unavailable);
}

export interface RequestHandlers {
  onArrival(host: Host, isCopy: boolean): void;
  /** The connection broke under it, or nothing listens. */
  onLoss(): void;
}

/** A request goes over the wire, and arrives as often as its fate says. */
export function sendRequest(wire: Wire, rpc: string, message: unknown, handlers: RequestHandlers): void {
  const { totals, clock } = wire;
  const number = ++wire.sent;
  const fate = fateOf(wire, "request", rpc, message);
  const at = clock.now() + fate.delayMs;
  totals.requests += 1;
  if (fate.loss) {
    totals.lostRequests += 1;
    if (fate.loss === "error") arrive(wire, at, handlers.onLoss);
    return;
  }
  const land = (isCopy: boolean) => {
    const host = wire.host();
    if (!host) arrive(wire, clock.now() + defaultDelayMs, handlers.onLoss);
    else handlers.onArrival(host, isCopy);
  };
  arrive(wire, at, () => {
    if (number < wire.arrived) totals.overtakenRequests += 1;
    wire.arrived = Math.max(wire.arrived, number);
    land(false);
  });
  if (fate.copyAfterMs === undefined) return;
  totals.doubledRequests += 1;
  arrive(wire, at + fate.copyAfterMs, () => land(true));
}
