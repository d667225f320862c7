import { mayRelay, relayTargets } from "@peerline/call-machine/record";
import { fromHex, toHex } from "@peerline/call-machine/wire";
import { ErrorCode, type Relay } from "@peerline/protocol";
import { ServerError } from "../../errors/server-error.ts";
import { emptySession, withRelay } from "../../session/session-entry.ts";
import { sessionKey, userKey } from "../../store/keys.ts";
import { type CallEntry, partyOf } from "../call-entry.ts";
import { encodeEvent } from "../call-event.ts";
import { callState } from "../call-state.ts";
import { loadCall } from "../load.ts";
import type { CommandScene, Outcome } from "../scene.ts";
import { dropped } from "./signals.ts";

/** A third party's message, to the other party of a call or to every endpoint of a user. PROTOCOL 1.8. */
export async function runRelay(scene: CommandScene, relay: Relay): Promise<Outcome> {
  assertRelay(relay);
  relay.fromUser = scene.identity.user;
  return relay.toUser === "" ? await relayInCall(scene, relay) : await relayToUser(scene, relay);
}

async function relayInCall(scene: CommandScene, relay: Relay): Promise<Outcome> {
  const entry = await loadCall(scene, relay.callId);
  if (!mayRelay(entry.record, scene.key)) return dropped(scene, entry);
  relay.fromParty = fromHex(partyOf(entry.record, scene.key));
  const state = callState(entry, { key: scene.key, now: scene.now });
  if (!(await isFirst(scene, relay))) return { applied: false, state };
  const keys = relayTargets(entry.record, scene.key).map(({ key }) => key);
  const targets = await concerned(scene, relay, keys);
  const bytes = encodeEvent({ case: "relay", value: relay }, scene.now, entry.record);
  for (const key of targets) scene.transaction.append(key, bytes);
  return { applied: targets.length > 0 || isFeigned(entry, relay), state };
}

/** In a silent call a message looks as if somebody had it. PROTOCOL 2.7 row 32. */
function isFeigned({ record }: CallEntry, { failed }: Relay): boolean {
  return record.silent === true && record.phase === "ringing" && failed === ErrorCode.UNSPECIFIED;
}

async function relayToUser(scene: CommandScene, relay: Relay): Promise<Outcome> {
  const allowed = await scene.services.policy.mayRelay(scene.identity.user, relay.toUser);
  const target = allowed ? await scene.transaction.get(userKey(relay.toUser)) : undefined;
  const endpoints = (target?.endpoints ?? []).filter(({ key }) => key !== scene.key);
  if (endpoints.length === 0) {
    throw new ServerError(
      "not-allowed",
      "relay.to_user: nobody of that name can be reached, or messages to them are not allowed. Send within a call.",
      { field: "relay.to_user" },
    );
  }
  relay.fromParty = new Uint8Array();
  if (!(await isFirst(scene, relay))) return { applied: false };
  const keys = endpoints.map(({ key }) => key);
  const targets = await concerned(scene, relay, keys);
  const bytes = encodeEvent({ case: "relay", value: relay }, scene.now);
  for (const key of targets) scene.transaction.append(key, bytes);
  return { applied: targets.length > 0 };
}

/**
 * Those among them that a message is for: what failed is told to the endpoint that sent it, as long as its last 64
 * messages are remembered. PROTOCOL 2.7 row 97.
 */
async function concerned(
  { transaction }: CommandScene,
  relay: Relay,
  keys: readonly string[],
): Promise<readonly string[]> {
  if (relay.failed === ErrorCode.UNSPECIFIED) return keys;
  const sessions = await Promise.all(keys.map((key) => transaction.get(sessionKey(key))));
  const failed = toHex(relay.inReplyTo);
  return keys.filter((_, index) => sessions[index]?.relayIds.includes(failed));
}

async function isFirst(scene: CommandScene, relay: Relay): Promise<boolean> {
  const session = (await scene.transaction.get(sessionKey(scene.key))) ?? emptySession;
  const next = withRelay(session, toHex(relay.messageId));
  if (next) scene.transaction.set(sessionKey(scene.key), next);
  return next !== undefined;
}

function assertRelay(relay: Relay): void {
  const addressed = Number(relay.callId.byteLength > 0) + Number(relay.toUser !== "");
  if (addressed !== 1) {
    throw new ServerError("malformed", "relay: set either call_id or to_user, not both.", {
      field: "relay.call_id",
    });
  }
  const answers = relay.failed !== ErrorCode.UNSPECIFIED;
  if (answers && relay.inReplyTo.byteLength === 0) {
    throw new ServerError("malformed", "relay.in_reply_to: name the message that failed.", {
      field: "relay.in_reply_to",
    });
  }
  if (!answers && !relay.extension) {
    throw new ServerError("malformed", "relay.extension: set the message to relay.", {
      field: "relay.extension",
    });
  }
}
