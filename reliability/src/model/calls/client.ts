import {
  type CallCommand,
  type CallEffect,
  type CallEvent,
  type CallInput,
  type CallTimerId,
  callMachine,
  type SignalingInput,
  sessionMachine,
} from "@peerline/call-machine";
import type { CommandResult } from "@peerline/protocol";
import { emptyOutbox, fill, type Outbox, type Outcome } from "@peerline/signaling-client/testing";
import { type EventFromLogic, initialTransition, type SnapshotFrom } from "xstate";
import { type Run, take } from "./client-run.ts";
import type { Actor } from "./names.ts";
import type { ModelPeer } from "./peer.ts";

export type SessionSnapshot = SnapshotFrom<typeof sessionMachine>;
export type CallSnapshotOf = SnapshotFrom<typeof callMachine>;
export type SessionEvent = EventFromLogic<typeof sessionMachine>;
/** What the session's chart gives to its action `run`. */
export type SessionEffect =
  | { readonly type: "call.start"; readonly input: CallInput }
  | { readonly type: "call.deliver"; readonly callId: string; readonly event: CallEvent }
  | { readonly type: "signal"; readonly callId: string; readonly command: CallCommand }
  | { readonly type: "link.stop" };

/** A call that has a machine, with what its effects have made. */
export interface ModelCall {
  readonly callId: string;
  readonly snapshot: CallSnapshotOf;
  readonly timers: readonly CallTimerId[];
  readonly peer: ModelPeer | undefined;
  /** The question about the devices is open. */
  readonly opensMedia: boolean;
}

/** One endpoint: the two machines, and what waits to be sent. */
export interface ClientState {
  readonly session: SessionSnapshot;
  readonly calls: readonly ModelCall[];
  readonly outbox: Outbox;
  readonly hasDialed: boolean;
  /** How often each call began to ring. */
  readonly rings: Readonly<Record<string, number>>;
}

export type ClientInput =
  | { readonly type: "signaling"; readonly inputs: readonly SignalingInput[] }
  /** A Hello, and whether the epoch is the one that was known. */
  | { readonly type: "hello"; readonly inputs: readonly SignalingInput[]; readonly sameEpoch: boolean }
  | { readonly type: "results"; readonly results: readonly CommandResult[] }
  | { readonly type: "dial" }
  | { readonly type: "call"; readonly callId: string; readonly event: CallEvent }
  | { readonly type: "timer"; readonly callId: string; readonly id: CallTimerId }
  /** Devices open, descriptions are made. */
  | { readonly type: "work"; readonly callId: string };

export interface Heard {
  readonly event: SessionEvent | undefined;
  readonly also?: readonly SessionEffect[];
}

/** Where a rule of the client can be taken out. */
export interface ClientSeams {
  readonly session: typeof sessionMachine;
  readonly call: typeof callMachine;
  /** Whether a person would do that. */
  readonly wishes: (event: CallEvent, call: CallSnapshotOf) => boolean;
  /** Whether the result of a command is heard. */
  readonly takes: (outcome: Outcome, calls: ReadonlyMap<string, ModelCall>) => boolean;
  /** What an event of the session is replaced by, and what is done besides. */
  readonly hears: (
    event: SessionEvent,
    session: SessionSnapshot,
    calls: ReadonlyMap<string, ModelCall>,
  ) => Heard;
  readonly carriesOut: (effect: SessionEffect, because: SessionEvent) => boolean;
  readonly carriesOutOfCall: (
    effect: CallEffect,
    because: CallEvent | undefined,
    call: CallSnapshotOf,
  ) => boolean;
  /** What a timer that passed says to its call. */
  readonly timerEvent: (id: CallTimerId, call: CallSnapshotOf) => CallEvent;
}

export const clientSeams: ClientSeams = {
  session: sessionMachine,
  call: callMachine,
  wishes: () => true,
  takes: () => true,
  hears: (event) => ({ event }),
  carriesOut: () => true,
  carriesOutOfCall: () => true,
  timerEvent: (id) => ({ type: `timer.${id}` }),
};

export function startClient(seams: ClientSeams, actor: Actor, earlyAnswer: boolean): ClientState {
  const [session] = initialTransition(seams.session, { user: actor.user, earlyAnswer });
  return { session, calls: [], outbox: emptyOutbox, hasDialed: false, rings: {} };
}

/** What matters of a client: two that look the same go the same ways. */
export function clientView({ session, calls, outbox, hasDialed, rings }: ClientState): unknown {
  return {
    session: { value: session.value, context: session.context },
    calls: calls.map(({ snapshot, ...call }) => ({
      ...call,
      value: snapshot.value,
      context: snapshot.context,
    })),
    queue: outbox.queue.map(({ action }) => action),
    batch: outbox.batch.map(({ action }) => action),
    moot: outbox.moot.map(({ action }) => action),
    hasDialed,
    rings,
  };
}

const limits = { commands: 32, bytes: 1 << 18 };

/** `live`: requests can leave. Pure: the machines are run by their transition functions, their effects done here. */
export function stepClient(
  seams: ClientSeams,
  actor: Actor,
  before: ClientState,
  input: ClientInput,
  live: boolean,
): ClientState {
  const calls = new Map(before.calls.map((call) => [call.callId, call]));
  const run: Run = { seams, actor, ...before, calls, due: [], performing: false };
  take(run, input);
  const { session, hasDialed, rings } = run;
  const [outbox] = live ? fill(run.outbox, limits) : [run.outbox];
  return { session, calls: [...calls.values()], outbox, hasDialed, rings };
}
