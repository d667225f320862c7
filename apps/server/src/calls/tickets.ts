import type { CallEntry } from "./call-entry.ts";
import { signTicket, type TicketSecret, verifyTicket } from "./ticket.ts";
import type { TicketClaim } from "./ticket-payload.ts";

/** Issues and reads the tickets of this server. PROTOCOL D8. */
export interface Tickets {
  /** For a party of an accepted call, and for the caller of one that rings; everyone else gets none. */
  issue(entry: CallEntry, key: string): Uint8Array | undefined;
  /** `undefined`: not a ticket of this server, or expired. */
  read(ticket: Uint8Array, now: number): TicketClaim | undefined;
}

/** The first secret signs, all of them are accepted. `lifeMs` counts from the accept, or from the Invite. */
export function createTickets(secrets: readonly [TicketSecret, ...TicketSecret[]], lifeMs: number): Tickets {
  return {
    issue(entry, key) {
      const { record } = entry;
      if (record.phase === "ended") return undefined;
      if (key !== record.caller.key && key !== record.accepted?.key) return undefined;
      const { callId, kind, caller, calleeUser, accepted, createdAt, acceptedAt, rev } = record;
      const claim = { callId, kind, caller, calleeUser, accepted, createdAt, acceptedAt, rev };
      const expiresAt = (acceptedAt ?? createdAt) + lifeMs;
      return signTicket(secrets[0], { ...claim, manyCalls: entry.manyCalls ?? [] }, expiresAt);
    },
    read: (ticket, now) => verifyTicket(secrets, ticket, now),
  };
}
