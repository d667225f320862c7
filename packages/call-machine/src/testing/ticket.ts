import type { CallClaim, CallRecord } from "../record/index.ts";

/** What a ticket for this call says: unsigned, since an exchange trusts everyone. */
export function ticketOf(record: CallRecord): Uint8Array {
  const { callId, rev, kind, caller, calleeUser, accepted, createdAt, acceptedAt } = record;
  const claim: CallClaim = { callId, rev, kind, caller, calleeUser, accepted, createdAt, acceptedAt };
  return new TextEncoder().encode(JSON.stringify(claim));
}

/** `undefined` for an empty one. */
export function claimOf(ticket: Uint8Array): CallClaim | undefined {
  return ticket.length === 0 ? undefined : (JSON.parse(new TextDecoder().decode(ticket)) as CallClaim);
}
