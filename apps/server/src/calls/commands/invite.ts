import { clone } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { type CallRecord, type Decision, decide, type Endpoint } from "@peerline/call-machine/record";
import { fromHex, mediaKindFromWire, toHex } from "@peerline/call-machine/wire";
import { type Description, DescriptionSchema, type Invite } from "@peerline/protocol";
import { ServerError } from "../../errors/server-error.ts";
import { type EndpointEntry, ringableEndpoints, type UserEntry } from "../../session/user-entry.ts";
import { callKey, userKey } from "../../store/keys.ts";
import { assertMayPlace, canTake, crossingCall, isBusy } from "../admission.ts";
import { type CallEntry, encodeInvite } from "../call-entry.ts";
import { encodeEvent } from "../call-event.ts";
import { callState, glareState } from "../call-state.ts";
import { liveCalls } from "../load.ts";
import { noSignals, withDescription } from "../party-signals.ts";
import { type CommandScene, noSuchCall, type Outcome } from "../scene.ts";
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
  const ownLive = await liveCalls(
    scene.transaction,
    await scene.transaction.get(userKey(scene.identity.user)),
  );
  const ownRecords = ownLive.map(({ record }) => record);
  assertMayPlace(ownRecords, scene.key, scene.endpoint.policy);
  const crossing = crossingCall(ownRecords, scene.identity.user, invite.calleeUser);
  const decision = await decideInvite(scene, invite, { callId, callee, crossing });
  if (decision.instead) {
    const entry = ownLive.find(({ record }) => record.callId === decision.instead?.callId);
    if (entry) return { applied: false, state: glareState(entry, { key: scene.key, now: scene.now }) };
  }
  return await commitInvite(scene, invite, decision, callee);
}

function repeated(scene: CommandScene, existing: CallEntry): Outcome {
  if (existing.record.caller.key !== scene.key) throw noSuchCall();
  const ticket = scene.services.tickets.issue(existing, scene.key);
  const state = callState(existing, { key: scene.key, now: scene.now, signals: true });
  return { applied: false, state, ...(ticket && { ticket }) };
}

async function decideInvite(
  scene: CommandScene,
  invite: Invite,
  found: { callId: string; callee: UserEntry | undefined; crossing: CallRecord | undefined },
): Promise<Decision> {
  const { services, now } = scene;
  const allowed = await services.policy.mayCall(scene.identity.user, invite.calleeUser);
  const graceMs = services.config.timers.detachGraceMs;
  const candidates = ringableEndpoints(found.callee, { now, graceMs, exceptKey: scene.key });
  const ringable = allowed ? candidates : [];
  const live = (await liveCalls(scene.transaction, found.callee)).map(({ record }) => record);
  const bot = ringable.length > 0 && ringable.every((endpoint) => endpoint.policy === "auto-answer");
  const cannotTake = found.crossing !== undefined && !canTake(found.crossing, scene.key);
  return decide(undefined, {
    type: "invite",
    at: now,
    callId: found.callId,
    kind: mediaKindFromWire(invite.kind),
    caller: asParty(scene, scene.identity.user, scene.endpoint),
    calleeUser: invite.calleeUser,
    ringable: ringable.map((endpoint) => asParty(scene, invite.calleeUser, endpoint)),
    ringMs: ringMs(scene, invite),
    awaitsEndpoints: allowed && isColdStore(scene),
    calleeBusy:
      allowed && (cannotTake || isBusy({ user: invite.calleeUser, live, bot }, services.config.limits)),
    crossing: cannotTake ? undefined : found.crossing,
  });
}

async function commitInvite(
  scene: CommandScene,
  invite: Invite,
  decision: Decision,
  callee: UserEntry | undefined,
): Promise<Outcome> {
  const { record } = decision;
  if (!record) throw new ServerError("internal", "The call could not be made. Try again with a new call_id.");
  const entry: CallEntry = {
    record: { ...record },
    calleeName: callee?.displayName ?? invite.calleeUser,
    invite: encodeInvite(invite),
    accept: undefined,
    signals: { [record.caller.party]: withDescription(noSignals, ownOffer(invite, record)) },
    manyCalls: programs(record, [scene.endpoint, ...(callee?.endpoints ?? [])]),
  };
  if (decision.refusal === "busy") tellMissed(scene, record, callee);
  return await settle(scene, undefined, entry, decision);
}

/** Everyone's endpoints come back within seconds of a start with an empty store. PROTOCOL 2.7 row 83. */
function isColdStore({ services, now }: CommandScene): boolean {
  const { emptySince } = services.store;
  return emptySince !== undefined && now - emptySince < services.config.timers.coldStoreMs;
}

/** The callee learns of a call that never rang. PROTOCOL 2.7 row 18. */
function tellMissed(scene: CommandScene, record: CallRecord, callee: UserEntry | undefined): void {
  const text = `${record.caller.displayName} called while you were in a call.`;
  for (const endpoint of callee?.endpoints ?? []) {
    const body = { case: "notice" as const, value: { text } };
    scene.transaction.append(endpoint.key, encodeEvent(body, scene.now, record));
  }
}

/** The parties that answer by themselves. */
function programs(record: CallRecord, endpoints: readonly EndpointEntry[]): readonly string[] {
  const parties = [record.caller, ...record.offered].map(({ key }) => key);
  const answering = endpoints.filter(({ policy, key }) => policy === "auto-answer" && parties.includes(key));
  return [...new Set(answering.map(({ key }) => key))];
}

function ownOffer(invite: Invite, record: CallRecord): Description {
  const offer = clone(DescriptionSchema, invite.offer as Description);
  offer.callId = invite.callId;
  offer.fromParty = fromHex(record.caller.party);
  return offer;
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

function assertInvite(scene: CommandScene, invite: Invite): void {
  if (invite.offer === undefined) {
    throw new ServerError("malformed", "invite.offer is missing. Send the offer with the Invite.", {
      field: "invite.offer",
    });
  }
  const max = scene.services.config.limits.metadataBytes;
  const bytes = Object.entries(invite.metadata).reduce(
    (sum, pair) => sum + Buffer.byteLength(pair.join("")),
    0,
  );
  if (bytes > max) {
    throw new ServerError(
      "too-large",
      `invite.metadata has ${bytes} bytes, at most ${max} are allowed. Send less.`,
      {
        field: "invite.metadata",
      },
    );
  }
}

function assertScope(scene: CommandScene): void {
  if (!scene.identity.scopes.place) {
    throw new ServerError(
      "not-allowed",
      'This token may not place calls. Issue one with the scope "call:place".',
    );
  }
}
