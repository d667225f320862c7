import { decide, roleOf } from "@peerline/call-machine/record";
import { endReasonFromWire, fromHex, mediaKindFromWire, toHex } from "@peerline/call-machine/wire";
import type { Accept, Alerting, Description, End } from "@peerline/protocol";
import { callKey, userKey } from "../../store/keys.ts";
import { type CallEntry, encodeAccept, partyOf } from "../call-entry.ts";
import { callState } from "../call-state.ts";
import { isTalking, liveCalls, loadCall } from "../load.ts";
import { noSignals, withDescription } from "../party-signals.ts";
import type { CommandScene, Outcome } from "../scene.ts";
import { runForgottenEnd } from "./reattach.ts";
import { settle } from "./settle.ts";

/** The endpoint alerts its person; the caller hears it. PROTOCOL 1.5. */
export async function runAlerting(scene: CommandScene, alerting: Alerting): Promise<Outcome> {
  const entry = await loadCall(scene, alerting.callId);
  const decision = decide(entry.record, { type: "alerting", at: scene.now, from: scene.key });
  if (!decision.applied || !alerting.earlyAnswer) return await settle(scene, entry, entry, decision);
  const earlyAnswer = stamped(alerting.earlyAnswer, entry, scene.key);
  const prepared = withSignal(entry, scene.key, earlyAnswer);
  return await settle(scene, entry, prepared, decision, { earlyAnswer });
}

/** The first Accept that commits wins; an endpoint that talks already is busy. PROTOCOL 1.5, 2.7 rows 11, 20. */
export async function runAccept(scene: CommandScene, accept: Accept): Promise<Outcome> {
  const entry = await loadCall(scene, accept.callId);
  if (entry.record.phase === "ringing" && (await isElsewhereTalking(scene, entry))) {
    return { applied: false, state: callState(entry, { key: scene.key, now: scene.now, refusal: "busy" }) };
  }
  const kind = mediaKindFromWire(accept.kind);
  const decision = decide(entry.record, { type: "accept", at: scene.now, from: scene.key, kind });
  const won = decision.applied && entry.record.phase === "ringing";
  if (!won || !accept.answer) return await settle(scene, entry, entry, decision);
  accept.answer = stamped(accept.answer, entry, scene.key);
  const prepared = { ...withSignal(entry, scene.key, accept.answer), accept: encodeAccept(accept) };
  return await settle(scene, entry, prepared, decision);
}

/** Cancel, decline, busy or hang-up: the record knows which. PROTOCOL D2. */
export async function runEnd(scene: CommandScene, end: End): Promise<Outcome> {
  const entry = await scene.transaction.get(callKey(toHex(end.callId)));
  if (!entry || roleOf(entry.record, scene.key) === undefined) return await runForgottenEnd(scene, end);
  const wish = endReasonFromWire(end.reason);
  const decision = decide(entry.record, { type: "end", at: scene.now, from: scene.key, wish });
  return await settle(scene, entry, entry, decision);
}

async function isElsewhereTalking(scene: CommandScene, entry: CallEntry): Promise<boolean> {
  if (scene.endpoint.policy === "auto-answer") return false;
  const live = await liveCalls(scene.transaction, await scene.transaction.get(userKey(scene.identity.user)));
  return live.some(({ record }) => record.callId !== entry.record.callId && isTalking(record, scene.key));
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
