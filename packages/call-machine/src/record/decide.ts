import type { EndReason } from "../types.ts";
import { alerting, feignedAlerting } from "./alerting.ts";
import { crowdedOut, durationReached, replaced, revoked } from "./closing.ts";
import { answeredElsewhere, committed, endCall, isFailure, unchanged } from "./end.ts";
import { mayRelay, roleOf } from "./parties.ts";
import { endForgotten, isSameCall, reattach } from "./reattach.ts";
import type { CallRecord, Decision, RecordInput } from "./record.ts";

/** A callee that has endpoints but none that alerts is unreachable after this long. PROTOCOL 2.6. */
export const alertDeadlineMs = 15_000;

type Input<T extends RecordInput["type"]> = Extract<RecordInput, { type: T }>;

/**
 * The server's one place where races are decided: first commit wins, a loser gets the true state. Pure and total; the
 * caller holds the call's lock and has checked with `roleOf` that the sender is a party. PROTOCOL 1.5, D1, D2.
 */
export function decide(record: CallRecord | undefined, input: RecordInput): Decision {
  if (input.type === "invite") return record ? unchanged(record, record.reason) : invite(input);
  if (input.type === "reattach") return reattach(record, input);
  if (!record)
    return input.type === "end" && input.claim
      ? endForgotten(input, input.claim)
      : unchanged(undefined, undefined);
  switch (input.type) {
    case "alerting":
      return alerting(record, input, refusalFor(record, input.from));
    case "feignedAlerting":
      return feignedAlerting(record);
    case "accept":
      return accept(record, input);
    case "end":
      return end(record, input);
    case "ringExpired":
      return ringExpired(record, input.at);
    case "endpointLost":
      return endpointLost(record, input);
    case "endpointJoined":
      return endpointJoined(record, input);
    case "replaced":
      return replaced(record, input);
    case "crowdedOut":
      return crowdedOut(record, input);
    case "durationReached":
      return durationReached(record, input);
    case "revoked":
      return revoked(record, input);
  }
}

/** When `ringExpired` is due next; `undefined` once the call no longer rings. */
export function nextDeadline(record: CallRecord): number | undefined {
  if (record.phase !== "ringing") return undefined;
  return isHeard(record) ? record.ringDeadline : unreachableAt(record);
}

/** Somebody alerts, or the caller is to think so. */
function isHeard({ alerting, silent }: CallRecord): boolean {
  return alerting.length > 0 || silent === true;
}

function unreachableAt(record: CallRecord): number {
  return Math.min(record.ringDeadline, record.createdAt + alertDeadlineMs);
}

function invite(input: Input<"invite">): Decision {
  if (input.crossing?.phase === "ringing") {
    return { record: undefined, applied: false, refusal: "glare", instead: input.crossing, deliveries: [] };
  }
  const ringing: CallRecord = {
    callId: input.callId,
    rev: 1,
    phase: "ringing",
    kind: input.kind,
    caller: input.caller,
    calleeUser: input.calleeUser,
    offered: input.ringable,
    alerting: [],
    accepted: undefined,
    createdAt: input.at,
    ringDeadline: input.at + input.ringMs,
    acceptedAt: undefined,
    endedAt: undefined,
    reason: undefined,
    by: undefined,
    ...(input.stranger ? { stranger: true as const } : {}),
  };
  if (input.silent) return committed({ ...ringing, offered: [], silent: true }, []);
  if (input.calleeBusy) return stillborn(ringing, "busy", input.at);
  if (input.ringable.length === 0 && !input.awaitsEndpoints) {
    return stillborn(ringing, "unreachable", input.at);
  }
  return committed(
    ringing,
    input.ringable.map((endpoint) => ({ to: endpoint.key, event: { type: "incoming" } })),
  );
}

function stillborn(record: CallRecord, reason: EndReason, at: number): Decision {
  const ended: CallRecord = { ...record, phase: "ended", reason, by: "server", endedAt: at };
  return { record: ended, applied: false, refusal: reason, instead: undefined, deliveries: [] };
}

function accept(record: CallRecord, input: Input<"accept">): Decision {
  const winner = record.offered.find((endpoint) => endpoint.key === input.from);
  if (record.accepted?.key === input.from && record.phase === "active") {
    return { ...unchanged(record, undefined), applied: true };
  }
  if (!winner || record.phase !== "ringing") return unchanged(record, refusalFor(record, input.from));
  if (input.at >= record.ringDeadline) {
    return { ...ringExpired(record, input.at), applied: false, refusal: expiryReason(record) };
  }
  if (input.busy) return unchanged(record, "busy");
  const next: CallRecord = {
    ...record,
    rev: record.rev + 1,
    phase: "active",
    kind: input.kind,
    accepted: winner,
    acceptedAt: input.at,
  };
  return committed(next, [
    { to: record.caller.key, event: { type: "accepted", mine: false } },
    { to: winner.key, event: { type: "accepted", mine: true } },
    ...answeredElsewhere(record, winner),
  ]);
}

/** With a ticket's claim the end has a revision above the ticket's, so that its parties do not take it for old. */
function end(record: CallRecord, input: Input<"end">): Decision {
  const { claim } = input;
  if (claim && !isSameCall(record, claim)) return unchanged(record, "not-allowed");
  const decision = endByParty(record, input);
  if (!claim || decision.record === record || !decision.record) return decision;
  return { ...decision, record: { ...decision.record, rev: Math.max(decision.record.rev, claim.rev + 1) } };
}

function endByParty(record: CallRecord, input: Input<"end">): Decision {
  const role = roleOf(record, input.from);
  if (!role || record.phase === "ended") return unchanged(record, refusalFor(record, input.from));
  if (record.phase === "active") {
    if (!mayRelay(record, input.from)) return unchanged(record, "answered-elsewhere");
    const reason = input.wish && isFailure(input.wish) ? input.wish : "hung-up";
    return endCall(record, { reason, by: role, at: input.at, except: input.from });
  }
  const reason = ringingReason(role, input.wish);
  return endCall(record, { reason, by: role, at: input.at, except: input.from });
}

function ringingReason(role: "caller" | "callee", wish: EndReason | undefined): EndReason {
  if (wish === "media-device" || wish === "incompatible") return wish;
  if (role === "caller") return wish === "no-answer" ? "no-answer" : "cancelled";
  // Nobody declined what a device could not take.
  return wish !== undefined && (wish === "busy" || isFailure(wish)) ? wish : "declined";
}

function ringExpired(record: CallRecord, at: number): Decision {
  const due = nextDeadline(record);
  if (due === undefined || at < due) return unchanged(record, undefined);
  return endCall(record, { reason: expiryReason(record), by: "server", at, except: undefined });
}

function expiryReason(record: CallRecord): EndReason {
  return isHeard(record) ? "no-answer" : "unreachable";
}

function endpointLost(record: CallRecord, input: Input<"endpointLost">): Decision {
  const role = roleOf(record, input.key);
  if (!role || record.phase === "ended") return unchanged(record, undefined);
  if (record.phase === "active") {
    if (!mayRelay(record, input.key)) return unchanged(record, undefined);
    return endCall(record, { reason: "peer-lost", by: "server", at: input.at, except: undefined });
  }
  if (role === "caller") {
    return endCall(record, { reason: "cancelled", by: "caller", at: input.at, except: undefined });
  }
  const offered = record.offered.filter((endpoint) => endpoint.key !== input.key);
  if (offered.length === 0) {
    return endCall(record, { reason: "unreachable", by: "server", at: input.at, except: undefined });
  }
  const left = [...(record.left ?? []), ...record.offered.filter((endpoint) => endpoint.key === input.key)];
  const alerting = record.alerting.filter((key) => key !== input.key);
  return committed({ ...record, rev: record.rev + 1, offered, alerting, left }, []);
}

function endpointJoined(record: CallRecord, input: Input<"endpointJoined">): Decision {
  const known = roleOf(record, input.endpoint.key) !== undefined;
  const isOpen = record.phase === "ringing" && !record.silent;
  if (!isOpen || known || input.endpoint.user !== record.calleeUser) {
    return unchanged(record, undefined);
  }
  const left = record.left?.filter((endpoint) => endpoint.key !== input.endpoint.key);
  const offered = [...record.offered, input.endpoint];
  const next = { ...record, rev: record.rev + 1, offered, ...(left && { left }) };
  return committed(next, [{ to: input.endpoint.key, event: { type: "incoming" } }]);
}

/** What the true state is called by the one who came too late; `undefined` while the call is as it asks. */
function refusalFor(record: CallRecord, from: string): EndReason | undefined {
  if (from === record.caller.key) return record.reason;
  if (record.accepted && from !== record.accepted.key) return "answered-elsewhere";
  return record.reason === "declined" ? "declined-elsewhere" : record.reason;
}
