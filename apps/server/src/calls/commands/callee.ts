import { decide, roomFor } from "@peerline/call-machine/record";
import type { Invite } from "@peerline/protocol";
import { type EndpointEntry, ringableEndpoints } from "../../session/user-entry.ts";
import { isBusy } from "../admission.ts";
import { asksForProgram, type CallEntry } from "../call-entry.ts";
import { commitDecision, noteChange } from "../commit.ts";
import { liveCalls } from "../load.ts";
import type { CommandScene } from "../scene.ts";
import type { PlacedCall } from "./placed-entry.ts";

/** What an Invite meets at its callee. */
export interface CalleeFound {
  /** The endpoints that ring. */
  readonly ringable: readonly EndpointEntry[];
  readonly busy: boolean;
  /** A call that rings there and makes room for this one. */
  readonly leaving: CallEntry | undefined;
}

/** Looks at no more than the caller may learn: for one who is not wanted nothing but the endpoints. PROTOCOL 1.5 Busy. */
export async function findCallee(
  scene: CommandScene,
  invite: Invite,
  { callee, recalled, permission }: PlacedCall,
): Promise<CalleeFound> {
  const { services, now, key, transaction } = scene;
  const graceMs = services.config.timers.detachGraceMs;
  const programs = asksForProgram(invite);
  const ringable = ringableEndpoints(callee, { now, graceMs, exceptKey: key, programs });
  if (!callee || permission === "silent") return { ringable, busy: false, leaving: undefined };
  const live = (await liveCalls(transaction, callee)).filter(
    ({ record }) => !recalled.some(({ entry }) => entry.record.callId === record.callId),
  );
  const bot = ringable.length > 0 && ringable.every((endpoint) => endpoint.policy === "auto-answer");
  const busy = isBusy({ user: callee.user, live, bot }, services.config.limits);
  if (busy || bot) return { ringable, busy, leaving: undefined };
  const room = await findRoom(scene, callee.user, live, permission === "ring");
  return { ringable, busy: room === "full", leaving: typeof room === "string" ? undefined : room };
}

/** `mayBeKnown`: the caller is no stranger by the policy's word. */
async function findRoom(
  { services, identity }: CommandScene,
  user: string,
  live: readonly CallEntry[],
  mayBeKnown: boolean,
): Promise<"free" | "full" | CallEntry> {
  const ringing = live.filter(({ record }) => record.phase === "ringing" && record.calleeUser === user);
  const max = services.config.limits.incomingRingingPerUser;
  if (ringing.length === 0) return max > 0 ? "free" : "full";
  const contacts = await services.policy.contactsOf(user);
  const knows = (name: string) => contacts === "everyone" || contacts?.has(name) === true;
  const room = roomFor({
    ringing: ringing.map(({ record }) => record),
    caller: identity.user,
    max,
    isContact: (name) => knows(name) && (mayBeKnown || name !== identity.user),
  });
  if (typeof room === "string") return room;
  return ringing.find(({ record }) => record === room) ?? "full";
}

/** The call ends before the new one rings, for its caller as one that nobody took. */
export async function makeRoom(scene: CommandScene, entry: CallEntry): Promise<void> {
  const decision = decide(entry.record, { type: "crowdedOut", at: scene.now });
  const written = await commitDecision(scene, entry, decision);
  noteChange(scene, entry.record, written.record);
}
