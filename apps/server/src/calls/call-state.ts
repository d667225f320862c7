import { create, fromBinary } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { EndReason } from "@peerline/call-machine";
import { type CallRecord, type Endpoint, roleOf } from "@peerline/call-machine/record";
import { endReasonToWire, fromHex, mediaKindToWire } from "@peerline/call-machine/wire";
import {
  CallPhase,
  type CallState,
  CallStateSchema,
  CandidatesSchema,
  type Description,
  DescriptionSchema,
  MediaStateSchema,
  type Party,
  PartySchema,
  Role,
} from "@peerline/protocol";
import { type CallEntry, partyOf, peerPartyOf } from "./call-entry.ts";
import { noSignals, type PartySignals } from "./party-signals.ts";
import type { Tickets } from "./tickets.ts";

export interface CallView {
  /** The endpoint that reads it. */
  readonly key: string;
  readonly now: number;
  /** A lost race: the reader's call is over for this reason, whatever becomes of the others. */
  readonly refusal?: EndReason | undefined;
  /** With the peer's latest offer, answer, candidates and media state. */
  readonly signals?: boolean;
  /** With a ticket, if the reader is to have one. */
  readonly tickets?: Tickets;
}

const phases = { ringing: CallPhase.RINGING, active: CallPhase.ACTIVE, ended: CallPhase.ENDED } as const;

/** A call as one of its parties may see it. PROTOCOL 1.3, 1.5. */
export function callState(entry: CallEntry, view: CallView): CallState {
  const { record } = entry;
  const lost = view.refusal !== undefined;
  const reason = view.refusal ?? record.reason;
  const state = create(CallStateSchema, {
    callId: fromHex(record.callId),
    rev: BigInt(record.rev),
    phase: lost ? CallPhase.ENDED : phases[record.phase],
    role: roleOf(record, view.key) === "caller" ? Role.CALLER : Role.CALLEE,
    remote: remoteParty(entry, view.key),
    localParty: fromHex(partyOf(record, view.key)),
    selectedParty: fromHex(record.accepted?.party ?? ""),
    kind: mediaKindToWire(record.kind),
  });
  if (reason !== undefined) state.endReason = endReasonToWire(reason);
  if (record.phase === "ringing") {
    state.ringRemaining = durationFromMs(Math.max(0, record.ringDeadline - view.now));
    state.replacesCall = fromHex(entry.replaces?.[view.key] ?? "");
  }
  const ticket = lost ? undefined : view.tickets?.issue(entry, view.key);
  if (ticket) state.ticket = ticket;
  if (view.signals === true && record.phase !== "ended") addSignals(state, entry, view.key);
  return state;
}

/** The crossing call, seen by the one whose own Invite was not born. PROTOCOL 1.5 Glare. */
export function glareState(entry: CallEntry, view: CallView): CallState {
  const state = callState(entry, { key: view.key, now: view.now, signals: true });
  state.endReason = endReasonToWire("glare");
  return state;
}

/** An endpoint as the other side may see it. */
export function partyMessage(endpoint: Endpoint): Party {
  return create(PartySchema, {
    partyId: fromHex(endpoint.party),
    user: endpoint.user,
    displayName: endpoint.displayName,
    assertedIdentity: endpoint.user,
  });
}

function remoteParty(entry: CallEntry, key: string): Party {
  const { record } = entry;
  if (record.caller.key !== key) return partyMessage(record.caller);
  if (record.accepted) return partyMessage(record.accepted);
  return create(PartySchema, {
    user: record.calleeUser,
    displayName: entry.calleeName,
    assertedIdentity: record.calleeUser,
  });
}

function addSignals(state: CallState, entry: CallEntry, key: string): void {
  const signals = entry.signals[peerPartyOf(entry.record, key)] ?? noSignals;
  const own = entry.signals[partyOf(entry.record, key)] ?? noSignals;
  state.descriptions = descriptionsOf(signals);
  state.candidates = signals.candidates.map(({ bytes }) => fromBinary(CandidatesSchema, bytes));
  if (signals.media) state.media = [fromBinary(MediaStateSchema, signals.media)];
  if (own.media) state.ownMedia = fromBinary(MediaStateSchema, own.media);
  const generations = [...state.descriptions, ...descriptionsOf(own)].map(({ pcGeneration }) => pcGeneration);
  state.pcGeneration = Math.max(0, ...generations);
}

function descriptionsOf({ offer, answer }: PartySignals): Description[] {
  return [offer, answer].flatMap((bytes) => (bytes ? [fromBinary(DescriptionSchema, bytes)] : []));
}

/** Whether a call still concerns an endpoint: it is a party, and no other of its devices has won. */
export function concerns(record: CallRecord, key: string): boolean {
  if (record.phase === "ended" || roleOf(record, key) === undefined) return false;
  return record.phase === "ringing" || record.caller.key === key || record.accepted?.key === key;
}
