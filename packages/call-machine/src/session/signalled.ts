import type { CallEvent } from "../call/events.ts";
import type { LineEntry, Tombstone } from "./context.ts";
import { deliver, endAgain, keep, type Line, type LineDecision } from "./line.ts";
import { onUnrungEnded } from "./missed.ts";

/** Signals for a call: to its machine, or, when it is over here and the server thinks otherwise, the end again. */
export function onSignalled(line: Line, callId: string, event: CallEvent): LineDecision {
  if (line.calls.some((entry) => entry.callId === callId)) {
    const calls = line.calls.map((entry) => (entry.callId === callId ? told(entry, event) : entry));
    return { calls, effects: [deliver(callId, event)] };
  }
  const passed = onUnrungEnded(line, callId, event);
  if (passed) return { calls: line.calls, ...passed };
  const tombstone = line.tombstones.find((over) => over.callId === callId);
  // A call of a life before a reload, which the server knows again by the peer's ticket: there is nothing to restore from.
  const isForgotten = !tombstone && event.type === "remote.accepted";
  const mustEnd = isForgotten || (tombstone && livesOn(tombstone, event));
  const decision = keep(line, mustEnd ? [endAgain(tombstone ?? { callId })] : []);
  const ticket = inviteTicket(event);
  return tombstone && ticket ? { ...decision, tombstones: ticketed(line, tombstone, ticket) } : decision;
}

/** Of the answer to an Invite: it rings, or is taken already. */
function inviteTicket(event: CallEvent): string | undefined {
  if (event.type === "server.invited") return event.ticket;
  return event.type === "server.synced" ? event.call?.ticket : undefined;
}

/** The ticket that came after the cancel: with it the End can be said to a server that forgot the call. */
function ticketed({ tombstones }: Line, tombstone: Tombstone, ticket: string): readonly Tombstone[] {
  return tombstones.map((known) => (known === tombstone ? { ...known, ticket } : known));
}

/** The server shows a call as live that is over here, and may not have been told so. PROTOCOL 2.3 row 20, invariant 10. */
function livesOn({ by }: Tombstone, event: CallEvent): boolean {
  if (event.type === "server.accepted" || event.type === "remote.accepted") return true;
  return (event.type === "server.invited" || event.type === "server.synced") && by !== "me";
}

function told(entry: LineEntry, { type }: CallEvent): LineEntry {
  if (type === "remote.accepted" || type === "server.synced") return { ...entry, standing: "answered" };
  const isKnown = type === "server.invited" || type === "remote.alerting";
  return isKnown && !entry.standing ? { ...entry, standing: "known" } : entry;
}
