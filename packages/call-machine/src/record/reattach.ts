import { answeredElsewhere, unchanged } from "./end.ts";
import { isParty } from "./parties.ts";
import type { CallClaim, CallRecord, Decision, Delivery, Endpoint, RecordInput } from "./record.ts";

type Input<T extends RecordInput["type"]> = Extract<RecordInput, { type: T }>;

/** Whether a ticket is about this call, and not about another one of the same id. */
export function isSameCall(record: CallRecord, { caller, calleeUser }: CallClaim): boolean {
  return record.caller.key === caller.key && record.calleeUser === calleeUser;
}

/** A forgotten call as its ticket has it: active, with the parties and the revision that the ticket names. */
export function fromClaim(claim: CallClaim): CallRecord {
  const { callId, rev, kind, caller, calleeUser, accepted, createdAt, acceptedAt } = claim;
  return {
    callId,
    rev,
    phase: "active",
    kind,
    caller,
    calleeUser,
    offered: accepted ? [accepted] : [],
    alerting: [],
    accepted,
    createdAt,
    ringDeadline: createdAt,
    acceptedAt,
    endedAt: undefined,
    reason: undefined,
    by: undefined,
  };
}

/**
 * A party of an accepted call comes back to a server that forgot it, or that knows it by a repeated Invite only. The
 * ticket says who had won: it rebuilds the call, but never takes it from an endpoint that has won since. PROTOCOL 2.7
 * rows 82, 86.
 */
export function reattach(record: CallRecord | undefined, input: Input<"reattach">): Decision {
  const { claim } = input;
  const isGood = isParty(claim, input.from) && (!record || isSameCall(record, claim));
  const winner = claim.accepted;
  if (!winner || !isGood) return unchanged(record, "not-allowed");
  if (!record) return restored(above(fromClaim(claim), claim), winner, input.from, []);
  if (record.phase === "ended") return unchanged(record, record.reason);
  if (record.phase === "active") {
    return isParty(record, input.from)
      ? { ...unchanged(record, undefined), applied: true }
      : unchanged(record, "answered-elsewhere");
  }
  const active: CallRecord = {
    ...above(record, claim),
    phase: "active",
    kind: claim.kind,
    accepted: winner,
    offered: [...record.offered.filter(({ key }) => key !== winner.key), winner],
    acceptedAt: claim.acceptedAt ?? input.at,
  };
  return restored(active, winner, input.from, answeredElsewhere(record, winner));
}

/** The end of a call that the server forgot: a mark, so that the other party's ticket does not bring it back. Row 85. */
export function endForgotten(input: Input<"end">, claim: CallClaim): Decision {
  if (!isParty(claim, input.from)) return unchanged(undefined, undefined);
  const by = input.from === claim.caller.key ? "caller" : "callee";
  const record: CallRecord = {
    ...above(fromClaim(claim), claim),
    phase: "ended",
    reason: claim.accepted ? "hung-up" : "cancelled",
    by,
    endedAt: input.at,
  };
  return { record, applied: true, refusal: undefined, instead: undefined, deliveries: [] };
}

/** Revisions go on above those that the parties have seen. PROTOCOL 1.4. */
export function above(record: CallRecord, claim: CallClaim): CallRecord {
  return { ...record, rev: Math.max(record.rev, claim.rev) + 1 };
}

/** The call is active again, and both parties are told: the other may not have heard that it was accepted. */
function restored(record: CallRecord, winner: Endpoint, from: string, told: readonly Delivery[]): Decision {
  const others = [record.caller, winner]
    .filter(({ key }) => key !== from)
    .map(({ key }): Delivery => ({ to: key, event: { type: "accepted", mine: key !== record.caller.key } }));
  return { record, applied: true, refusal: undefined, instead: undefined, deliveries: [...others, ...told] };
}
