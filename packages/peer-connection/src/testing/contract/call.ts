import { assertEqual, until } from "./assert.ts";
import type { ContractEnv } from "./env.ts";
import { type Letter, openSide, type Side } from "./side.ts";

/** Two ends of a call whose signals reach each other at once and in order. */
export interface ContractCall {
  readonly caller: Side;
  readonly callee: Side;
  /** Waits until `condition` holds. */
  until(condition: () => boolean | Promise<boolean>, what: string): Promise<void>;
  /** Waits until both are connected, stable, and both channels are open. */
  connected(): Promise<void>;
  close(): Promise<void>;
}

/** What differs from an ordinary call. */
export interface ContractCallOptions {
  readonly generation?: number;
  readonly calleeOffers?: boolean;
  /** What the callee expects of the caller. */
  readonly remoteFingerprints?: readonly string[];
  /** The caller's. */
  readonly certificates?: readonly RTCCertificate[];
}

/** Opens a call; the callee is the polite side. `prepare` runs before anything is sent. */
export function openCall(
  env: ContractEnv,
  prepare: (call: ContractCall) => void = () => undefined,
  options: ContractCallOptions = {},
): ContractCall {
  const { generation = 1, calleeOffers = false, certificates } = options;
  const wait = (condition: () => boolean | Promise<boolean>, what: string) =>
    until(condition, env.deadlineMs, what, () => describe(call));
  const callee: Side = openSide(
    env,
    {
      polite: true,
      offer: calleeOffers,
      generation,
      ...(options.remoteFingerprints ? { remoteFingerprints: options.remoteFingerprints } : {}),
    },
    (letter) => toOther(() => caller, letter),
  );
  const caller: Side = openSide(env, { polite: false, offer: true, generation, certificates }, (letter) =>
    toOther(() => callee, letter),
  );
  const call: ContractCall = {
    caller,
    callee,
    until: wait,
    connected: () => wait(() => [caller, callee].every(isUp), "both sides connected"),
    async close() {
      caller.peer.close();
      callee.peer.close();
      await wait(() => [caller, callee].every(isClosed), "both connections closed");
    },
  };
  prepare(call);
  return call;
}

/** Runs `body` in a call and closes it, also when `body` fails. */
export async function inCall(env: ContractEnv, body: (call: ContractCall) => Promise<void>): Promise<void> {
  const call = openCall(env);
  try {
    await call.connected();
    await body(call);
  } finally {
    await call.close();
  }
}

/** No side has reported that its connection cannot go on. */
export function assertNotBroken({ caller, callee }: ContractCall): void {
  const broken = [...caller.events, ...callee.events].filter(({ type }) => type === "peer.broken");
  assertEqual(broken, [], "no side is broken");
}

function toOther(other: () => Side, letter: Letter): void {
  // As through a server: never within the call that sent it.
  queueMicrotask(() => other().deliver(letter));
}

const connectionEvents = ["peer.connected", "peer.interrupted", "peer.failed"];

/** The state may already read `connected` before its event has come. */
function isUp({ peer, events }: Side): boolean {
  const { signaling, control, chat } = peer.states();
  const last = events.findLast(({ type }) => connectionEvents.includes(type));
  return last?.type === "peer.connected" && signaling === "stable" && control === "open" && chat === "open";
}

function isClosed({ connection }: Side): boolean {
  return connection.signalingState === "closed";
}

function describe({ caller, callee }: ContractCall): string {
  const of = ({ peer, events }: Side) =>
    `${Object.values(peer.states()).join("/")} after ${events.map(({ type }) => type).join(" ")}`;
  return `(caller ${of(caller)}; callee ${of(callee)})`;
}
