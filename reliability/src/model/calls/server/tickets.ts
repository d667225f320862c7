import type { TicketClaim, Tickets } from "@peerline/server/testing";

/** Unsigned: who may forge is no question here. */
export const plainTickets: Tickets = {
  issue({ record, manyCalls = [] }, key) {
    if (record.phase === "ended") return undefined;
    if (key !== record.caller.key && key !== record.accepted?.key) return undefined;
    const { callId, kind, caller, calleeUser, accepted, createdAt, acceptedAt, rev } = record;
    const claim: TicketClaim = {
      callId,
      kind,
      caller,
      calleeUser,
      accepted,
      createdAt,
      acceptedAt,
      rev,
      manyCalls,
    };
    return new TextEncoder().encode(JSON.stringify(claim));
  },
  read(ticket) {
    if (ticket.byteLength === 0) return undefined;
    return {
      accepted: undefined,
      acceptedAt: undefined,
      ...JSON.parse(new TextDecoder().decode(ticket)),
    } as TicketClaim;
  },
};
