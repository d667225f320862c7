import { type CallRecord, roleOf } from "@peerline/call-machine/record";
import { toHex } from "@peerline/call-machine/wire";
import type { UserEntry } from "../session/user-entry.ts";
import { callKey, userKey } from "../store/keys.ts";
import type { Transaction } from "../store/port.ts";
import { type CallEntry, isHolding } from "./call-entry.ts";
import { type CommandScene, noSuchCall } from "./scene.ts";

/** The call that a command names, for a party of it; everyone else gets the same refusal as for an unknown call. */
export async function loadCall(scene: CommandScene, callId: Uint8Array): Promise<CallEntry> {
  const entry = await scene.transaction.get(callKey(toHex(callId)));
  if (!entry || roleOf(entry.record, scene.key) === undefined) throw noSuchCall();
  return entry;
}

/** The ringing and accepted calls of a user. */
export async function liveCalls(
  transaction: Transaction,
  user: UserEntry | undefined,
): Promise<readonly CallEntry[]> {
  const entries = await Promise.all((user?.calls ?? []).map((callId) => transaction.get(callKey(callId))));
  return entries.filter(
    (entry) => entry !== undefined && entry.record.phase !== "ended",
  ) as readonly CallEntry[];
}

/** The entry with the life of the endpoint that sends: a later one of its page knows nothing of the call. */
export async function withLife({ transaction, key }: CommandScene, entry: CallEntry): Promise<CallEntry> {
  const epoch = (await transaction.head(key))?.epoch;
  return epoch === undefined ? entry : { ...entry, lives: { ...entry.lives, [key]: epoch } };
}

/** The endpoint talks in this call. */
export function isTalking(record: CallRecord, key: string): boolean {
  return record.phase === "active" && (record.caller.key === key || record.accepted?.key === key);
}

/** The user talks in this call, on whichever endpoint. */
export function isUserTalking(record: CallRecord, user: string): boolean {
  return record.phase === "active" && (record.caller.user === user || record.calleeUser === user);
}

/** The endpoint talks in another call than this one, and has not put it on hold. PROTOCOL invariant 12. */
export async function isTalkingElsewhere(
  transaction: Transaction,
  { key, user }: { readonly key: string; readonly user: string },
  callId: string,
): Promise<boolean> {
  const live = await liveCalls(transaction, await transaction.get(userKey(user)));
  return live.some((entry) => entry.record.callId !== callId && talksIn(entry, key));
}

/** The endpoint talks in this call, and has not put it on hold. */
export function talksIn(entry: CallEntry, key: string): boolean {
  return isTalking(entry.record, key) && !isHolding(entry, key);
}
