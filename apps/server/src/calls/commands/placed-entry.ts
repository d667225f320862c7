import { clone } from "@bufbuild/protobuf";
import type { CallRecord } from "@peerline/call-machine/record";
import { fromHex } from "@peerline/call-machine/wire";
import { type Description, DescriptionSchema, type Invite, RelayPolicy } from "@peerline/protocol";
import type { CallPermission } from "../../policy.ts";
import type { EndpointEntry, UserEntry } from "../../session/user-entry.ts";
import type { Recalled } from "../admission.ts";
import { type CallEntry, encodeInvite } from "../call-entry.ts";
import { noSignals, withDescription } from "../party-signals.ts";
import type { CommandScene } from "../scene.ts";

/** What the server knows when it places a call, beside the Invite. */
export interface PlacedCall {
  readonly callee: UserEntry | undefined;
  readonly permission: CallPermission;
  /** The calls that give way to this one. */
  readonly recalled: readonly Recalled[];
  /** Of the caller's mailbox. */
  readonly epoch: string | undefined;
}

const relayPolicies: Partial<Record<CallPermission, RelayPolicy>> = {
  "relay-until-accept": RelayPolicy.RELAY_UNTIL_ACCEPT,
  "relay-always": RelayPolicy.RELAY_ALWAYS,
};

/** A call that was just placed, as the store keeps it. */
export function placedEntry(
  scene: CommandScene,
  invite: Invite,
  record: CallRecord,
  { callee, permission, recalled, epoch }: PlacedCall,
): CallEntry {
  const relayPolicy = relayPolicies[permission];
  return {
    record,
    calleeName: shownName(invite, callee, permission),
    invite: encodeInvite(invite),
    accept: undefined,
    signals: { [record.caller.party]: withDescription(noSignals, ownOffer(invite, record)) },
    manyCalls: programs(record, [scene.endpoint, ...(callee?.endpoints ?? [])]),
    replaces: replacedTalks(recalled, invite.calleeUser),
    ...(epoch === undefined ? {} : { lives: { [scene.key]: epoch } }),
    ...(relayPolicy === undefined ? {} : { relayPolicy }),
  };
}

/** Who may not see the callee sees what they asked for, whether or not anybody of that name is there. Row 32. */
function shownName(
  { calleeUser }: Invite,
  callee: UserEntry | undefined,
  permission: CallPermission,
): string {
  return permission === "ring" ? (callee?.displayName ?? calleeUser) : calleeUser;
}

/** Whoever was talking may go on in the new call by itself. PROTOCOL 1.5 Recall. */
function replacedTalks(recalled: readonly Recalled[], calleeUser: string): Readonly<Record<string, string>> {
  const talks = recalled.flatMap(({ entry: { record }, to }) => {
    const parties = [record.caller, ...(record.accepted ? [record.accepted] : [])];
    const peer = parties.find(({ user }) => user === calleeUser);
    return to === "replaced" && record.phase === "active" && peer ? [[peer.key, record.callId] as const] : [];
  });
  return Object.fromEntries(talks);
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
