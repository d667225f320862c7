import { decide, roleOf } from "@peerline/call-machine/record";
import { endReasonFromWire, fromHex, mediaKindFromWire, toHex } from "@peerline/call-machine/wire";
import { type Accept, type Alerting, type Description, Description_Type, type End } from "@peerline/protocol";
import { ServerError } from "../../errors/server-error.ts";
import { callKey } from "../../store/keys.ts";
import { type CallEntry, encodeAccept, partyOf } from "../call-entry.ts";
import { isTalkingElsewhere, loadCall, withLife } from "../load.ts";
import { noSignals, withDescription } from "../party-signals.ts";
import { releaseSignals } from "../release.ts";
import type { CommandScene, Outcome } from "../scene.ts";
import { runForgottenEnd } from "./reattach.ts";
import { settle } from "./settle.ts";

/**
 * The endpoint alerts its person; the caller hears it. An early answer goes along if the record says so, and with it what
 * the endpoint has signaled before. PROTOCOL 1.5.
 */
export async function runAlerting(scene: CommandScene, alerting: Alerting): Promise<Outcome> {
  assertEarlyAnswer(alerting.earlyAnswer);
  const entry = await loadCall(scene, alerting.callId);
  const decision = decide(entry.record, {
    type: "alerting",
    at: scene.now,
    from: scene.key,
    earlyAnswer: alerting.earlyAnswer !== undefined,
  });
  const isEarly = decision.applied && decision.record?.early === scene.key;
  if (!isEarly || !alerting.earlyAnswer) return await settle(scene, entry, entry, decision);
  const earlyAnswer = stamped(alerting.earlyAnswer, entry, scene.key);
  const prepared = withSignal(entry, scene.key, earlyAnswer);
  const outcome = await settle(scene, entry, prepared, decision, { earlyAnswer });
  await releaseSignals(scene, entry.record.callId, scene.key);
  return outcome;
}

/** The first Accept that commits wins; an endpoint that talks already is busy. PROTOCOL 1.5, 2.7 rows 11, 20. */
export async function runAccept(scene: CommandScene, accept: Accept): Promise<Outcome> {
  const entry = await loadCall(scene, accept.callId);
  const kind = mediaKindFromWire(accept.kind);
  const busy = await isBusy(scene, entry);
  const decision = decide(entry.record, { type: "accept", at: scene.now, from: scene.key, kind, busy });
  const won = decision.applied && entry.record.phase === "ringing";
  if (!won) return await settle(scene, entry, entry, decision);
  const lived = await withLife(scene, entry);
  if (!accept.answer) return await settle(scene, entry, lived, decision);
  accept.answer = stamped(accept.answer, entry, scene.key);
  const prepared = { ...withSignal(lived, scene.key, accept.answer), accept: encodeAccept(accept) };
  const outcome = await settle(scene, entry, prepared, decision);
  if (entry.record.early !== scene.key) await releaseSignals(scene, entry.record.callId, scene.key);
  return outcome;
}

/** Cancel, decline, busy or hang-up: the record knows which. PROTOCOL D2. */
export async function runEnd(scene: CommandScene, end: End): Promise<Outcome> {
  const entry = await scene.transaction.get(callKey(toHex(end.callId)));
  if (!entry || roleOf(entry.record, scene.key) === undefined) return await runForgottenEnd(scene, end);
  const wish = endReasonFromWire(end.reason);
  const decision = decide(entry.record, { type: "end", at: scene.now, from: scene.key, wish });
  return await settle(scene, entry, entry, decision);
}

async function isBusy({ endpoint, transaction, identity, key }: CommandScene, { record }: CallEntry) {
  if (endpoint.policy === "auto-answer" || record.phase !== "ringing") return false;
  return await isTalkingElsewhere(transaction, { key, user: identity.user }, record.callId);
}

function assertEarlyAnswer(answer: Description | undefined): void {
  if (!answer) return;
  const isAnswer = answer.type === Description_Type.ANSWER || answer.type === Description_Type.PRANSWER;
  if (isAnswer && answer.body.case !== undefined) return;
  throw new ServerError(
    "malformed",
    "alerting.early_answer: must be an answer with a body. Leave it out, or send the answer to the offer.",
    { field: "alerting.early_answer" },
  );
}

function stamped(description: Description, entry: CallEntry, key: string): Description {
  description.callId = fromHex(entry.record.callId);
  description.fromParty = fromHex(partyOf(entry.record, key));
  return description;
}

function withSignal(entry: CallEntry, key: string, description: Description): CallEntry {
  const party = partyOf(entry.record, key);
  const signals = withDescription(entry.signals[party] ?? noSignals, description);
  return { ...entry, signals: { ...entry.signals, [party]: signals } };
}
