import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  CallPhase,
  type CallState,
  CallStateSchema,
  type Candidates,
  type Description,
  type EventSchema,
  type MediaState,
  Role as WireRole,
} from "@peerline/protocol";
import type { CallRecord, EndedByRole, Endpoint, RecordEvent } from "../record/index.ts";
import type { EndReason } from "../types.ts";
import { fromHex } from "../wire/ids.ts";
import { endReasonToWire, mediaKindToWire } from "../wire/words.ts";
import { ticketOf } from "./ticket.ts";

/** The latest that one party said. */
export interface SignalsOf {
  readonly offer?: Description;
  readonly answer?: Description;
  readonly candidates: readonly Candidates[];
  readonly media?: MediaState;
}

/** A call, and what its parties told each other by endpoint key. */
export interface StoredCall {
  readonly record: CallRecord;
  readonly signals: Readonly<Record<string, SignalsOf>>;
}

const phases = { ringing: CallPhase.RINGING, active: CallPhase.ACTIVE, ended: CallPhase.ENDED } as const;
const roles: Record<EndedByRole, WireRole> = {
  caller: WireRole.CALLER,
  callee: WireRole.CALLEE,
  server: WireRole.SERVER,
};

/** The call as one of its endpoints may see it. `endReason` is in that endpoint's words. */
export function stateOf(call: StoredCall, key: string, now: number, endReason?: EndReason): CallState {
  const { record, signals } = call;
  const isCaller = record.caller.key === key;
  const peer = isCaller ? record.accepted : record.caller;
  const heard: SignalsOf = (peer && signals[peer.key]) ?? { candidates: [] };
  return create(CallStateSchema, {
    callId: fromHex(record.callId),
    rev: BigInt(record.rev),
    phase: phases[record.phase],
    role: isCaller ? WireRole.CALLER : WireRole.CALLEE,
    remote: isCaller
      ? { user: record.calleeUser, displayName: record.accepted?.displayName ?? "" }
      : partyOf(record.caller),
    localParty: partyBytes(partyHere(record, key)),
    selectedParty: partyBytes(record.accepted),
    kind: mediaKindToWire(record.kind),
    ringRemaining: duration(record.phase === "ringing" ? record.ringDeadline - now : 0),
    ...((endReason ?? record.reason) && {
      endReason: endReasonToWire(endReason ?? record.reason ?? "server"),
    }),
    descriptions: [heard.offer, heard.answer].filter((description) => description !== undefined),
    candidates: [...heard.candidates],
    media: heard.media ? [heard.media] : [],
    ...(record.phase === "active" ? { ticket: ticketOf(record) } : {}),
  });
}

/** The mailbox entry for a decision's delivery. */
export function toEvent(
  call: StoredCall,
  to: string,
  event: RecordEvent,
  now: number,
): MessageInitShape<typeof EventSchema> {
  const { record } = call;
  return { callId: fromHex(record.callId), callRev: BigInt(record.rev), body: bodyOf(call, to, event, now) };
}

type Body = NonNullable<MessageInitShape<typeof EventSchema>["body"]>;

function bodyOf(call: StoredCall, to: string, event: RecordEvent, now: number): Body {
  const { record, signals } = call;
  switch (event.type) {
    case "incoming": {
      const offer = signals[record.caller.key]?.offer;
      return { case: "incoming", value: { call: stateOf(call, to, now), ...(offer && { offer }) } };
    }
    case "remoteAlerting":
      return { case: "remoteAlerting", value: { endpoints: event.endpoints } };
    case "accepted": {
      const remote = event.mine ? record.caller : record.accepted;
      const answer = record.accepted && signals[record.accepted.key]?.answer;
      return {
        case: "accepted",
        value: {
          mine: event.mine,
          kind: mediaKindToWire(record.kind),
          ticket: ticketOf(record),
          ...(remote && { remote: partyOf(remote) }),
          ...(!event.mine && answer && { answer }),
        },
      };
    }
    case "ended": {
      const talked = event.talkedMs === undefined ? {} : { talked: duration(event.talkedMs) };
      const { deviceLabel } = event;
      return {
        case: "ended",
        value: { reason: endReasonToWire(event.reason), by: roles[event.by], deviceLabel, ...talked },
      };
    }
  }
}

function partyOf({ party, user, displayName }: Endpoint) {
  return { partyId: fromHex(party), user, displayName };
}

function partyHere(record: CallRecord, key: string): Endpoint | undefined {
  return record.caller.key === key ? record.caller : record.offered.find((endpoint) => endpoint.key === key);
}

function partyBytes(endpoint: Endpoint | undefined): Uint8Array<ArrayBuffer> {
  return fromHex(endpoint?.party ?? "");
}

const msPerSecond = 1_000;
const nsPerMs = 1_000_000;

function duration(ms: number) {
  const whole = Math.max(0, Math.floor(ms));
  return { seconds: BigInt(Math.floor(whole / msPerSecond)), nanos: (whole % msPerSecond) * nsPerMs };
}
