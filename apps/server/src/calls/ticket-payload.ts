import type { CallClaim, Endpoint } from "@peerline/call-machine/record";
import { endpointIdOf, endpointKey } from "../store/keys.ts";

/** The claim of a ticket, and what a server that forgot the call has to know besides. */
export interface TicketClaim extends CallClaim {
  /** Keys of the parties that take several calls at once. */
  readonly manyCalls: readonly string[];
}

type PackedEndpoint = readonly [
  id: string,
  user: string,
  name: string,
  party: string,
  label: string,
  many: 0 | 1,
];
type Packed = readonly [
  expiresAt: number,
  callId: string,
  kind: CallClaim["kind"],
  rev: number,
  createdAt: number,
  acceptedAt: number | null,
  caller: PackedEndpoint,
  callee: PackedEndpoint | string,
];

/** How much of the texts for people is kept: all, no device names, or no names at all. */
export type Detail = "full" | "names" | "bare";

/** A claim as compact JSON. Without `detail: "full"` names are lost, and read back as the user's id. */
export function packClaim(claim: TicketClaim, expiresAt: number, detail: Detail): string {
  const pack = (endpoint: Endpoint): PackedEndpoint => [
    endpointIdOf(endpoint.key),
    endpoint.user,
    detail === "bare" || endpoint.displayName === endpoint.user ? "" : endpoint.displayName,
    endpoint.party,
    detail === "full" ? endpoint.deviceLabel : "",
    claim.manyCalls.includes(endpoint.key) ? 1 : 0,
  ];
  const packed: Packed = [
    expiresAt,
    claim.callId,
    claim.kind,
    claim.rev,
    claim.createdAt,
    claim.acceptedAt ?? null,
    pack(claim.caller),
    claim.accepted ? pack(claim.accepted) : claim.calleeUser,
  ];
  return JSON.stringify(packed);
}

/** Reads what `packClaim` wrote: only for bytes whose signature is right. */
export function unpackClaim(json: string): { readonly claim: TicketClaim; readonly expiresAt: number } {
  const [expiresAt, callId, kind, rev, createdAt, acceptedAt, caller, callee] = JSON.parse(json) as Packed;
  const isAccepted = typeof callee !== "string";
  const parties = isAccepted ? [caller, callee] : [caller];
  const claim: TicketClaim = {
    callId,
    kind,
    rev,
    createdAt,
    acceptedAt: acceptedAt ?? undefined,
    caller: unpack(caller),
    calleeUser: isAccepted ? callee[1] : callee,
    accepted: isAccepted ? unpack(callee) : undefined,
    manyCalls: parties.filter(([, , , , , many]) => many === 1).map(([id, user]) => endpointKey(user, id)),
  };
  return { claim, expiresAt };
}

function unpack([id, user, name, party, deviceLabel]: PackedEndpoint): Endpoint {
  return { key: endpointKey(user, id), user, displayName: name || user, party, deviceLabel };
}
