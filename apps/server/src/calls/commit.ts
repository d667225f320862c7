import type { CallRecord, Decision } from "@peerline/call-machine/record";
import type { Description } from "@peerline/protocol";
import { newUser, withCall, withoutCall } from "../session/user-entry.ts";
import { callKey, userKey } from "../store/keys.ts";
import type { CallEntry } from "./call-entry.ts";
import { deliveryBody, encodeEvent } from "./call-event.ts";
import type { Scene } from "./scene.ts";

/**
 * Writes what the record decided: the entry, the users' lists of live calls, and each delivery to its mailbox, in the
 * scene's transaction. `entry` holds the payloads; its record is replaced by the decision's. PROTOCOL 1.3.
 */
export async function commitDecision(
  scene: Scene,
  entry: CallEntry,
  decision: Decision,
  extra: { readonly earlyAnswer?: Description } = {},
): Promise<CallEntry> {
  const { record } = decision;
  if (!record || record === entry.record) return entry;
  const next: CallEntry = { ...entry, record };
  writeEntry(scene, next);
  await indexCall(scene, record);
  for (const delivery of decision.deliveries) {
    const body = deliveryBody(next, delivery, { now: scene.now, tickets: scene.services.tickets });
    if (body.case === "remoteAlerting" && extra.earlyAnswer) body.value.earlyAnswer = extra.earlyAnswer;
    scene.transaction.append(delivery.to, encodeEvent(body, scene.now, record));
  }
  return next;
}

/** Writes the entry; an ended one is kept as a tombstone for `tombstoneMs`. */
export function writeEntry(scene: Pick<Scene, "transaction" | "services">, entry: CallEntry): void {
  const ended = entry.record.phase === "ended";
  const options = ended ? { ttlMs: scene.services.config.timers.tombstoneMs } : {};
  scene.transaction.set(callKey(entry.record.callId), ended ? { ...entry, signals: {} } : entry, options);
}

/** Remembers for the effects that the record went from `before` to `after`. */
export function noteChange(scene: Scene, before: CallRecord | undefined, after: CallRecord): void {
  if (before !== after) scene.effects.push({ type: "call", before, after });
}

async function indexCall(scene: Scene, record: CallRecord): Promise<void> {
  const live = record.phase !== "ended";
  const users = record.silent ? [record.caller.user] : [record.caller.user, record.calleeUser];
  for (const user of new Set(users)) {
    const entry = await scene.transaction.get(userKey(user));
    const known = entry?.calls.includes(record.callId) ?? false;
    if (known === live) continue;
    const present = entry ?? newUser(user);
    const next = live ? withCall(present, record.callId) : withoutCall(present, record.callId);
    if (next.endpoints.length === 0 && next.calls.length === 0) scene.transaction.delete(userKey(user));
    else scene.transaction.set(userKey(user), next);
  }
}
