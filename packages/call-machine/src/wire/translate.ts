import {
  type CommandResult,
  ErrorCode,
  type Event,
  type Incoming,
  PartyStatus_Reachability,
  EndReason as WireEndReason,
  Role as WireRole,
} from "@peerline/protocol";
import type { CallEvent } from "../call/events.ts";
import type { CommandAction } from "../ports.ts";
import type { SessionEvent } from "../session/events.ts";
import type { CallId, EndedBy, EndReason, Role } from "../types.ts";
import { toHex } from "./ids.ts";
import {
  fingerprintsFrom,
  fromCallState,
  fromCandidates,
  fromDescription,
  fromMediaState,
  ticketFrom,
} from "./inbound.ts";
import { durationMs } from "./values.ts";
import { endReasonFromWire, mediaKindFromWire } from "./words.ts";

/**
 * What a mailbox event means to the session. `undefined` for what is no business of the machines: relayed extensions,
 * notices, and bodies of a newer server. `roleOf` names the part this endpoint plays in a call.
 */
export function translateEvent(
  event: Event,
  roleOf: (callId: CallId) => Role | undefined,
): SessionEvent | undefined {
  const { body } = event;
  if (body.case === "incoming") return translateIncoming(body.value, Number(event.callRev));
  if (body.case === "missed") {
    return body.value.call && { type: "remote.missed", call: fromCallState(body.value.call) };
  }
  const callId = toHex(event.callId);
  const forCall = translateBody(event, roleOf(callId));
  return forCall && { type: "remote.signalled", callId, event: forCall };
}

function translateIncoming(
  { call: state, offer: wireOffer, binding }: Incoming,
  rev: number,
): SessionEvent | undefined {
  if (!state) return undefined;
  const call = fromCallState(state);
  const offer = fromDescription(wireOffer);
  const descriptions = offer ? [offer] : call.descriptions;
  const news = { rev, descriptions, ...fingerprintsFrom(binding) };
  return { type: "remote.incoming", call: { ...call, ...news } };
}

function translateBody({ body, callRev }: Event, role: Role | undefined): CallEvent | undefined {
  const rev = Number(callRev);
  switch (body.case) {
    case "remoteAlerting": {
      const answer = fromDescription(body.value.earlyAnswer);
      return { type: "remote.alerting", rev, ...(answer ? { answer } : {}) };
    }
    case "accepted": {
      const { mine, kind, answer, ticket, binding } = body.value;
      return {
        type: "remote.accepted",
        rev,
        mine,
        kind: mediaKindFromWire(kind),
        answer: fromDescription(answer),
        ...ticketFrom(ticket),
        ...fingerprintsFrom(binding),
      };
    }
    case "ended": {
      const reason = endReasonFromWire(body.value.reason) ?? "hung-up";
      return { type: "remote.ended", rev, reason, by: endedBy(body.value.by, role) };
    }
    case "partyStatus": {
      const reachable = body.value.reachability !== PartyStatus_Reachability.UNREACHABLE;
      return { type: "remote.reachability", reachable };
    }
    case "description": {
      const description = fromDescription(body.value);
      return description && { type: "remote.described", description };
    }
    case "candidates":
      return { type: "remote.candidates", candidates: fromCandidates(body.value) };
    case "mediaState":
      return { type: "remote.mediaState", state: fromMediaState(body.value) };
    case "incoming":
    case "missed":
    case "relay":
    case "notice":
    case undefined:
      return undefined;
  }
}

/** Never "me": what another of the user's own endpoints did is no decision of this one. */
function endedBy(by: WireRole, role: Role | undefined): EndedBy {
  if (by === WireRole.CALLER) return role === "callee" ? "them" : "server";
  if (by === WireRole.CALLEE) return role === "caller" ? "them" : "server";
  return "server";
}

/** What the result of an own command means to the session; most mean nothing. */
export function translateResult(action: CommandAction, result: CommandResult): SessionEvent | undefined {
  if (action.case === "invite") return translateInviteResult(toHex(action.value.callId), result);
  if (action.case === "accept") return translateAcceptResult(toHex(action.value.callId), result);
  if (action.case === "reattach") return translateReattachResult(toHex(action.value.callId), result);
  return undefined;
}

function translateInviteResult(callId: CallId, { error, state, ticket }: CommandResult): SessionEvent {
  if (error || !state) return refused(callId, refusalOf(error?.code));
  const call = fromCallState(state);
  if (state.endReason === WireEndReason.GLARE) return { type: "remote.crossed", callId, call };
  if (call.phase === "ended") return refused(callId, call.endReason ?? "server");
  // An Invite that is made again finds the call taken: the event that said so may be stuck in a stream that is dead.
  if (call.phase === "active")
    return signalled(callId, { type: "server.synced", call: { ...call, ...ticketFrom(ticket) } });
  const ringRemainingMs = durationMs(state.ringRemaining);
  return signalled(callId, { type: "server.invited", ringRemainingMs, ...ticketFrom(ticket) });
}

function translateAcceptResult(callId: CallId, result: CommandResult): SessionEvent {
  const { applied, error, state } = result;
  if (applied) return signalled(callId, { type: "server.accepted", ...ticketFrom(result.ticket) });
  if (error?.code === ErrorCode.NO_SUCH_CALL) return signalled(callId, { type: "server.forgot" });
  if (error || !state) return refused(callId, refusalOf(error?.code));
  return refused(callId, endReasonFromWire(state.endReason) ?? "answered-elsewhere");
}

/** A server that does not re-attach leaves the call as it is: its peers go on without a record. */
function translateReattachResult(callId: CallId, result: CommandResult): SessionEvent | undefined {
  const { applied, error, state } = result;
  if (applied || (error && error.code !== ErrorCode.BAD_TICKET)) return undefined;
  return refused(callId, (state && endReasonFromWire(state.endReason)) ?? "server");
}

function refusalOf(code: ErrorCode | undefined): EndReason {
  if (code === ErrorCode.NO_SUCH_CALL) return "cancelled";
  return code === ErrorCode.NOT_ALLOWED || code === ErrorCode.RATE_LIMITED ? "not-allowed" : "server";
}

function refused(callId: CallId, reason: EndReason): SessionEvent {
  return signalled(callId, { type: "server.refused", reason });
}

function signalled(callId: CallId, event: CallEvent): SessionEvent {
  return { type: "remote.signalled", callId, event };
}
