import { durationMs } from "@bufbuild/protobuf/wkt";
import { type Decision, decide, type Endpoint } from "@peerline/call-machine/record";
import { mediaKindFromWire, toHex } from "@peerline/call-machine/wire";
import type { Invite } from "@peerline/protocol";
import { ServerError } from "../../errors/server-error.ts";
import type { EndpointEntry } from "../../session/user-entry.ts";
import { callKey, userKey } from "../../store/keys.ts";
import {
  assertMayPlace,
  canTake,
  crossingCall,
  type Placing,
  type Recalled,
  recalledCalls,
} from "../admission.ts";
import { asksForProgram, type CallEntry } from "../call-entry.ts";
import { callState, glareState } from "../call-state.ts";
import { commitDecision, noteChange } from "../commit.ts";
import { liveCalls } from "../load.ts";
import { type CommandScene, noSuchCall, type Outcome } from "../scene.ts";
import { type CalleeFound, findCallee, makeRoom } from "./callee.ts";
import { assertInvite, assertScope } from "./invite-bounds.ts";
import { isMissed, tellMissed } from "./missed.ts";
import { type PlacedCall, placedEntry } from "./placed-entry.ts";
import { settle } from "./settle.ts";

const minRingMs = 15_000;

/** Rings the callee, or says why not. The same call id never rings twice. PROTOCOL 1.5. */
export async function runInvite(scene: CommandScene, invite: Invite): Promise<Outcome> {
  assertInvite(scene, invite);
  const callId = toHex(invite.callId);
  const existing = await scene.transaction.get(callKey(callId));
  if (existing) return repeated(scene, existing);
  assertScope(scene);
  const callee = await scene.transaction.get(userKey(invite.calleeUser));
  const own = await liveCalls(scene.transaction, await scene.transaction.get(userKey(scene.identity.user)));
  const permission = await scene.services.policy.mayCall(scene.identity.user, invite.calleeUser);
  const epoch = (await scene.transaction.head(scene.key))?.epoch;
  const recalled = recalledCalls(own, placing(scene, invite, { epoch, permission }));
  const found: Found = {
    callId,
    callee,
    permission,
    own: own.filter((entry) => !recalled.some((one) => one.entry === entry)),
    recalled,
    epoch,
  };
  assertMayPlace(found.own, scene.key, scene.endpoint.policy);
  const atCallee = await findCallee(scene, invite, found);
  const decision = decideInvite(scene, invite, found, atCallee);
  if (decision.instead) {
    const entry = own.find(({ record }) => record.callId === decision.instead?.callId);
    if (entry) return { applied: false, state: glareState(entry, { key: scene.key, now: scene.now }) };
  }
  if (decision.applied) {
    for (const each of recalled) await giveWay(scene, each);
    if (atCallee.leaving) await makeRoom(scene, atCallee.leaving);
  }
  return await commitInvite(scene, invite, decision, found);
}

/** What an Invite meets. `own` are the caller's live calls, without those that give way to the new one. */
interface Found extends PlacedCall {
  readonly callId: string;
  readonly own: readonly CallEntry[];
}

function placing(
  { key, identity, endpoint }: CommandScene,
  { calleeUser, replacesCall }: Invite,
  { epoch, permission }: Pick<Found, "epoch" | "permission">,
): Placing {
  const { user } = identity;
  const silent = permission === "silent";
  return { key, user, policy: endpoint.policy, calleeUser, replaces: toHex(replacesCall), epoch, silent };
}

/** The old call's end comes before the new call rings, so that its peer can take the new one. PROTOCOL 1.5 Recall. */
async function giveWay(scene: CommandScene, { entry, to }: Recalled): Promise<void> {
  const { record } = entry;
  const by = record.caller.user === scene.identity.user ? "caller" : "callee";
  const written = await commitDecision(
    scene,
    entry,
    decide(
      record,
      to === "replaced"
        ? { type: "replaced", at: scene.now, by }
        : { type: "end", at: scene.now, from: scene.key, wish: undefined },
    ),
  );
  noteChange(scene, record, written.record);
}

function repeated(scene: CommandScene, existing: CallEntry): Outcome {
  if (existing.record.caller.key !== scene.key) throw noSuchCall();
  const ticket = scene.services.tickets.issue(existing, scene.key);
  const state = callState(existing, { key: scene.key, now: scene.now, signals: true });
  return { applied: false, state, ...(ticket && { ticket }) };
}

function decideInvite(
  scene: CommandScene,
  invite: Invite,
  found: Found,
  { ringable, busy }: CalleeFound,
): Decision {
  const user = invite.calleeUser;
  const crossing = crossingCall(
    found.own.map(({ record }) => record),
    scene.identity.user,
    user,
  );
  const cannotTake = crossing !== undefined && !canTake(crossing, scene.key);
  return decide(undefined, {
    type: "invite",
    at: scene.now,
    callId: found.callId,
    kind: mediaKindFromWire(invite.kind),
    caller: asParty(scene, scene.identity.user, scene.endpoint),
    calleeUser: user,
    ringable: ringable.map((endpoint) => asParty(scene, user, endpoint)),
    ringMs: ringMs(scene, invite),
    awaitsEndpoints: isColdStore(scene),
    calleeBusy: cannotTake || busy,
    crossing: cannotTake ? undefined : crossing,
    silent: found.permission === "silent",
    stranger: found.permission !== "ring",
  });
}

async function commitInvite(
  scene: CommandScene,
  invite: Invite,
  decision: Decision,
  found: Found,
): Promise<Outcome> {
  const { record } = decision;
  if (!record) throw new ServerError("internal", "The call could not be made. Try again with a new call_id.");
  const entry = placedEntry(scene, invite, { ...record }, found);
  if (isMissed(decision) && !asksForProgram(invite)) tellMissed(scene, entry, found.callee);
  return await settle(scene, undefined, entry, decision);
}

/** Everyone's endpoints come back within seconds of a start with an empty store. PROTOCOL 2.7 row 83. */
function isColdStore({ services, now }: CommandScene): boolean {
  const { emptySince } = services.store;
  return emptySince !== undefined && now - emptySince < services.config.timers.coldStoreMs;
}

function asParty(scene: CommandScene, user: string, endpoint: EndpointEntry): Endpoint {
  const { key, displayName, deviceLabel } = endpoint;
  return { key, user, displayName, party: scene.services.ids.party(), deviceLabel };
}

function ringMs(scene: CommandScene, invite: Invite): number {
  const configured = scene.services.config.timers.ringMs;
  if (!invite.ringFor) return configured;
  return Math.max(Math.min(minRingMs, configured), durationMs(invite.ringFor));
}
