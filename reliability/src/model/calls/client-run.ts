import type {
  CallEffect,
  CallEvent,
  CallInput,
  CallOutput,
  CallTimerId,
  CommandAction,
  SignalingInput,
} from "@peerline/call-machine";
import { translateInput } from "@peerline/call-machine/testing";
import { toAction, toHex } from "@peerline/call-machine/wire";
import type { CommandResult } from "@peerline/protocol";
import { enqueue, type Outbox, rebase, settle, withEnded } from "@peerline/signaling-client/testing";
import { initialTransition, transition } from "xstate";
import type {
  CallSnapshotOf,
  ClientInput,
  ClientSeams,
  ModelCall,
  SessionEffect,
  SessionEvent,
  SessionSnapshot,
} from "./client.ts";
import type { Actor } from "./names.ts";
import { applyDescription, finishOperation, openPeer, type PeerStep, resend } from "./peer.ts";

/** A client while it takes one input. */
export interface Run {
  readonly seams: ClientSeams;
  readonly actor: Actor;
  readonly calls: Map<string, ModelCall>;
  readonly due: { readonly effect: SessionEffect; readonly because: SessionEvent }[];
  session: SessionSnapshot;
  outbox: Outbox;
  hasDialed: boolean;
  rings: Readonly<Record<string, number>>;
  performing: boolean;
}

const maxEffects = 64;

/** Does what the input asks for; effects are carried out in the order in which the machines name them. */
export function take(run: Run, input: ClientInput): void {
  switch (input.type) {
    case "hello":
      if (!input.sameEpoch) run.outbox = rebase(run.outbox, 0n);
      for (const message of input.inputs) receive(run, message);
      return;
    case "signaling":
      for (const message of input.inputs) receive(run, message);
      return;
    case "results":
      takeResults(run, input.results);
      return;
    case "dial":
      dial(run);
      return;
    case "call":
      tellCall(run, input.callId, input.event);
      return;
    case "timer":
      timerPassed(run, input.callId, input.id);
      return;
    case "work":
      work(run, input.callId);
  }
}

function takeResults(run: Run, results: readonly CommandResult[]): void {
  const numbered = results.map((result, index) => ({
    ...result,
    clientSeq: run.outbox.nextSeq + BigInt(index),
  }));
  const [settled, outcomes] = settle(run.outbox, numbered);
  run.outbox = { ...settled, nextSeq: 1n };
  for (const outcome of outcomes)
    if (run.seams.takes(outcome, run.calls)) receive(run, { type: "result", ...outcome });
}

function dial(run: Run): void {
  const { dials } = run.actor;
  if (!dials || run.hasDialed) return;
  run.hasDialed = true;
  const callee = { user: dials.user, displayName: dials.user };
  send(run, { type: "user.dial", callId: dials.callId, callee, kind: "audio" });
}

function timerPassed(run: Run, callId: string, id: CallTimerId): void {
  const call = run.calls.get(callId);
  if (!call) return;
  change(run, callId, { timers: call.timers.filter((running) => running !== id) });
  tellCall(run, callId, run.seams.timerEvent(id, call.snapshot));
}

function work(run: Run, callId: string): void {
  if (run.calls.get(callId)?.opensMedia) {
    change(run, callId, { opensMedia: false });
    tellCall(run, callId, { type: "media.changed", media: { microphone: "on", camera: "off" } });
  }
  const peer = run.calls.get(callId)?.peer;
  if (!peer?.op) return;
  const what = peer.op.type === "makeOffer" ? "offer" : "answer";
  advance(run, callId, finishOperation(peer, `${what} of ${run.actor.token}`));
}

function receive(run: Run, message: SignalingInput): void {
  const isEnd = message.type === "event" && message.event.body.case === "ended";
  if (isEnd) run.outbox = withEnded(run.outbox, toHex(message.event.callId));
  const roleOf = (callId: string) => run.calls.get(callId)?.snapshot.context.role;
  for (const event of translateInput(message, roleOf, 0)) if (event) send(run, event);
}

function send(run: Run, told: SessionEvent): void {
  const { event, also = [] } = run.seams.hears(told, run.session, run.calls);
  if (!event) return;
  for (const effect of also) run.due.push({ effect, because: event });
  const [next, actions] = transition(run.seams.session, run.session, event);
  run.session = next;
  for (const effect of effectsOf<SessionEffect>(actions)) {
    if (run.seams.carriesOut(effect, event)) run.due.push({ effect, because: event });
  }
  if (run.performing) return;
  run.performing = true;
  for (let next = run.due.shift(); next; next = run.due.shift()) perform(run, next.effect);
  run.performing = false;
}

function perform(run: Run, effect: SessionEffect): void {
  if (effect.type === "call.start") startCall(run, effect.input);
  if (effect.type === "call.deliver") tellCall(run, effect.callId, effect.event);
  if (effect.type === "signal") post(run, toAction(effect.callId, effect.command));
}

function startCall(run: Run, input: CallInput): void {
  const { callId } = input;
  const [snapshot, actions] = initialTransition(run.seams.call, input);
  run.calls.set(callId, { callId, snapshot, timers: [], peer: undefined, opensMedia: false });
  if (isRinging(snapshot)) countRing(run, callId);
  after(run, callId, snapshot, effectsOf<CallEffect>(actions), undefined);
}

function tellCall(run: Run, callId: string, event: CallEvent): void {
  const call = run.calls.get(callId);
  if (call?.snapshot.status !== "active") return;
  const [snapshot, actions] = transition(run.seams.call, call.snapshot, event);
  change(run, callId, { snapshot });
  if (isRinging(snapshot) && !isRinging(call.snapshot)) countRing(run, callId);
  after(run, callId, snapshot, effectsOf<CallEffect>(actions), event);
}

function countRing(run: Run, callId: string): void {
  run.rings = { ...run.rings, [callId]: (run.rings[callId] ?? 0) + 1 };
}

function after(
  run: Run,
  callId: string,
  snapshot: CallSnapshotOf,
  effects: readonly CallEffect[],
  because: CallEvent | undefined,
): void {
  if (effects.length > maxEffects) throw new Error(`27: ${effects.length} effects at once`);
  const told: CallEvent[] = [];
  for (const effect of effects) {
    if (run.seams.carriesOutOfCall(effect, because, snapshot))
      told.push(...performOfCall(run, callId, effect));
  }
  if (snapshot.status === "done") finished(run, snapshot.output);
  for (const event of told) tellCall(run, callId, event);
}

function finished(run: Run, output: CallOutput): void {
  run.calls.delete(output.callId);
  send(run, { type: "call.finished", output });
}

/** What comes of it at once. */
function performOfCall(run: Run, callId: string, effect: CallEffect): readonly CallEvent[] {
  const call = run.calls.get(callId);
  if (!call) return [];
  switch (effect.type) {
    case "signal":
      post(run, toAction(callId, effect.command));
      return [];
    case "media.open":
      change(run, callId, { opensMedia: true });
      return [];
    case "timer.start":
      change(run, callId, { timers: [...call.timers.filter((id) => id !== effect.id), effect.id].sort() });
      return [];
    case "timer.stop":
      change(run, callId, { timers: call.timers.filter((id) => id !== effect.id) });
      return [];
    case "peer.open":
      return keep(run, callId, openPeer(effect));
    case "peer.close":
      change(run, callId, { peer: undefined });
      return [];
    case "peer.apply":
      return call.peer ? keep(run, callId, applyDescription(call.peer, effect.description)) : [];
    case "peer.resend":
      return call.peer ? keep(run, callId, resend(call.peer)) : [];
    default:
      return [];
  }
}

function advance(run: Run, callId: string, step: PeerStep): void {
  for (const event of keep(run, callId, step)) tellCall(run, callId, event);
}

function keep(run: Run, callId: string, [peer, events]: PeerStep): readonly CallEvent[] {
  change(run, callId, { peer });
  return events;
}

function change(run: Run, callId: string, part: Partial<ModelCall>): void {
  const call = run.calls.get(callId);
  if (call) run.calls.set(callId, { ...call, ...part });
}

function post(run: Run, action: CommandAction): void {
  [run.outbox] = enqueue(run.outbox, action);
}

function isRinging(snapshot: CallSnapshotOf): boolean {
  return snapshot.matches({ incoming: "ringing" });
}

/** The chart names its effects in the parameters of `run`. */
function effectsOf<E>(
  actions: readonly { readonly type: string; readonly params?: unknown }[],
): readonly E[] {
  return actions.filter(({ type }) => type === "run").flatMap(({ params }) => params as readonly E[]);
}
