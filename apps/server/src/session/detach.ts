import { type CallRecord, decide, type RecordInput, roleOf } from "@peerline/call-machine/record";
import { commitDecision, noteChange } from "../calls/commit.ts";
import { isTalking, liveCalls } from "../calls/load.ts";
import type { Scene } from "../calls/scene.ts";
import { sessionKey, userKey, userOfKey } from "../store/keys.ts";
import { findEndpoint, withEndpoint, withoutEndpoint } from "./user-entry.ts";

/** The stream of `generation` is gone. False: a newer one has taken over, nothing changes. */
export async function streamClosed(scene: Scene, key: string, generation: number): Promise<boolean> {
  const user = await scene.transaction.get(userKey(userOfKey(key)));
  const endpoint = findEndpoint(user, key);
  if (!user || endpoint?.generation !== generation || endpoint.detachedAt !== undefined) return false;
  scene.transaction.set(userKey(user.user), withEndpoint(user, { ...endpoint, detachedAt: scene.now }));
  return true;
}

/** The page said that it goes away. False: there is no such endpoint. */
export async function pageGone(scene: Scene, key: string): Promise<boolean> {
  const user = await scene.transaction.get(userKey(userOfKey(key)));
  const endpoint = findEndpoint(user, key);
  if (!user || !endpoint) return false;
  scene.transaction.set(userKey(user.user), withEndpoint(user, { ...endpoint, pageGone: true }));
  return true;
}

/**
 * The detach grace is over: what rings is lost, and what is accepted too if the page said that it goes away. Other
 * accepted calls live on their lease. PROTOCOL 2.6, D7.
 */
export async function graceOver(scene: Scene, key: string): Promise<void> {
  const user = await scene.transaction.get(userKey(userOfKey(key)));
  const endpoint = findEndpoint(user, key);
  if (!endpoint || endpoint.detachedAt === undefined) return;
  for (const entry of await liveCalls(scene.transaction, user)) {
    const { record } = entry;
    if (roleOf(record, key) === undefined || (record.phase === "active" && !endpoint.pageGone)) continue;
    const decision = decide(record, { type: "endpointLost", at: scene.now, key });
    const written = await commitDecision(scene, entry, decision);
    noteChange(scene, record, written.record);
  }
}

/** Nobody came back for long: the mailbox goes, and the endpoint with it. */
export async function forget(scene: Scene, key: string): Promise<boolean> {
  const user = await scene.transaction.get(userKey(userOfKey(key)));
  if (findEndpoint(user, key)?.detachedAt === undefined) return false;
  await drop(scene, key);
  return true;
}

/** Why an endpoint goes for good. */
export type Leaving = "signed-out" | "revoked";

/**
 * Everything of this endpoint ends now: it hangs up or cancels its calls, or they end as not allowed, and it is no longer
 * offered what rings.
 */
export async function leaveForGood(scene: Scene, key: string, why: Leaving): Promise<void> {
  const user = await scene.transaction.get(userKey(userOfKey(key)));
  for (const entry of await liveCalls(scene.transaction, user)) {
    const decision = decide(entry.record, leavingInput(entry.record, key, { why, at: scene.now }));
    const written = await commitDecision(scene, entry, decision);
    noteChange(scene, entry.record, written.record);
  }
  await drop(scene, key);
}

function leavingInput(
  record: CallRecord,
  key: string,
  { why, at }: { readonly why: Leaving; readonly at: number },
): RecordInput {
  const isIn = record.caller.key === key || isTalking(record, key);
  if (!isIn) return { type: "endpointLost", at, key };
  return why === "revoked" ? { type: "revoked", at, key } : { type: "end", at, from: key, wish: undefined };
}

async function drop(scene: Scene, key: string): Promise<void> {
  const user = await scene.transaction.get(userKey(userOfKey(key)));
  scene.transaction.drop(key);
  scene.transaction.delete(sessionKey(key));
  if (!user) return;
  const left = withoutEndpoint(user, key);
  if (left.endpoints.length === 0 && left.calls.length === 0) scene.transaction.delete(userKey(user.user));
  else scene.transaction.set(userKey(user.user), left);
}
