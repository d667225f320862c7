import {
  type Binding,
  CallPhase,
  type CallState,
  type Candidates,
  type Description,
  Description_Type,
  type MediaState,
  type Party,
  type PresenceUpdate_Item,
  Role as WireRole,
} from "@peerline/protocol";
import type {
  CallSnapshot,
  CandidatesSignal,
  DescriptionSignal,
  MediaStateSignal,
  Person,
  RemoteUser,
} from "../types.ts";
import { toHex } from "./ids.ts";
import { countFrom, durationMs, nameFrom } from "./values.ts";
import { availabilityFromWire, endReasonFromWire, mediaKindFromWire } from "./words.ts";

const descriptionTypes = new Map<Description_Type, DescriptionSignal["type"]>([
  [Description_Type.OFFER, "offer"],
  [Description_Type.ANSWER, "answer"],
  [Description_Type.REJECT, "reject"],
]);

/** `undefined` for what this version cannot use: provisional answers, sealed bodies, types of a newer peer, absurd numbers. */
export function fromDescription(wire: Description | undefined): DescriptionSignal | undefined {
  const type = wire && descriptionTypes.get(wire.type);
  if (!wire || !type || (wire.body.case !== "sdp" && type !== "reject")) return undefined;
  const [generation, offerNumber] = [countFrom(wire.pcGeneration), countFrom(wire.offerNumber)];
  if (generation === undefined || offerNumber === undefined) return undefined;
  return {
    type,
    sdp: wire.body.case === "sdp" ? wire.body.value : "",
    generation,
    offerNumber,
    iceRestart: wire.iceRestart,
  };
}

export function fromCandidates(wire: Candidates): CandidatesSignal {
  return {
    generation: wire.pcGeneration,
    ufrag: wire.ufrag,
    firstIndex: wire.firstIndex,
    end: wire.endOfCandidates,
    list: wire.list.map(({ candidate, sdpMid, sdpMLineIndex }) => ({ candidate, sdpMid, sdpMLineIndex })),
  };
}

export function fromMediaState(wire: MediaState): MediaStateSignal {
  const sends = (label: string) => wire.tracks.some((track) => track.label === label && !track.muted);
  return {
    revision: wire.revision,
    microphone: sends("microphone"),
    camera: sends("camera"),
    onHold: wire.onHold,
  };
}

export function fromParty(party: Party | undefined): RemoteUser {
  const user = party?.user ?? "";
  return { user, displayName: shownName(party?.displayName ?? "", user) };
}

/** An account's name is kept as it is, since it names the account; what is shown of it is clean. */
function shownName(displayName: string, user: string): string {
  return nameFrom(displayName) ?? nameFrom(user) ?? user;
}

/** Absent: nothing is bound. */
export function fingerprintsFrom(binding: Binding | undefined): { fingerprints?: readonly string[] } {
  return binding && binding.fingerprints.length > 0 ? { fingerprints: binding.fingerprints } : {};
}

const phases = new Map<CallPhase, CallSnapshot["phase"]>([
  [CallPhase.RINGING, "ringing"],
  [CallPhase.ACTIVE, "active"],
  [CallPhase.ENDED, "ended"],
]);

export function fromCallState(state: CallState): CallSnapshot {
  const role = state.role === WireRole.CALLER ? "caller" : "callee";
  return {
    callId: toHex(state.callId),
    rev: Number(state.rev),
    phase: phases.get(state.phase) ?? "ended",
    role,
    remote: fromParty(state.remote),
    kind: mediaKindFromWire(state.kind),
    ringRemainingMs: durationMs(state.ringRemaining),
    endReason: endReasonFromWire(state.endReason),
    mine: role === "caller" || isSelected(state),
    ...ticketFrom(state.ticket),
    descriptions: state.descriptions.map(fromDescription).filter((signal) => signal !== undefined),
    candidates: state.candidates.map(fromCandidates),
    media: state.media[0] && fromMediaState(state.media[0]),
    ...(state.replacesCall.length > 0 ? { replaces: toHex(state.replacesCall) } : {}),
    ...(state.ownMedia ? { ownMedia: fromMediaState(state.ownMedia) } : {}),
    ...(countFrom(state.pcGeneration) ? { generation: state.pcGeneration } : {}),
  };
}

function isSelected({ selectedParty, localParty }: CallState): boolean {
  return selectedParty.length > 0 && toHex(selectedParty) === toHex(localParty);
}

export function fromPresence(item: PresenceUpdate_Item): Person {
  return {
    user: item.user,
    displayName: shownName(item.displayName, item.user),
    availability: availabilityFromWire(item.availability),
    bot: item.bot,
    version: Number(item.version),
  };
}

/** A ticket is opaque; an empty one is none. */
export function ticketFrom(bytes: Uint8Array): { ticket?: string } {
  return bytes.length > 0 ? { ticket: toHex(bytes) } : {};
}
