import type { CallInput } from "../call/context.ts";
import { type CallEvent, callTimerIds } from "../call/events.ts";
import {
  type CallSnapshot,
  type CandidatesSignal,
  type DescriptionSignal,
  defaultTimers,
  type MediaStateSignal,
} from "../types.ts";
import type { CallMachineSnapshot } from "../view.ts";

const callId = "00112233445566778899aabbccddeeff";
const ben = { user: "ben", displayName: "Ben" };

export const sampleOffer: DescriptionSignal = {
  type: "offer",
  sdp: "an offer",
  generation: 1,
  offerNumber: 1,
  iceRestart: false,
};
export const sampleAnswer: DescriptionSignal = { ...sampleOffer, type: "answer", sdp: "an answer" };
export const sampleCandidates: CandidatesSignal = {
  generation: 1,
  ufrag: "u1",
  firstIndex: 0,
  list: [{ candidate: "a candidate", sdpMid: "0", sdpMLineIndex: 0 }],
  end: true,
};

/** The beginnings of a call that differ for the chart. */
export const callInputs: Readonly<Record<string, CallInput>> = {
  caller: { callId, role: "caller", remote: ben, kind: "video", timers: defaultTimers },
  callee: callee({}),
  "callee in a replay": callee({ replaying: true }),
  "callee that accepts by itself": callee({ autoAccept: "audio" }),
  "callee that answers early": callee({ earlyAnswer: true }),
  "caller after a reload, ringing": restored("caller", "ringing"),
  "callee after a reload, talking": restored("callee", "active"),
};

function callee(changes: Partial<CallInput>): CallInput {
  return {
    callId,
    role: "callee",
    remote: ben,
    kind: "video",
    timers: defaultTimers,
    rev: 1,
    offer: sampleOffer,
    candidates: [sampleCandidates],
    ringRemainingMs: 60_000,
    ...changes,
  };
}

function restored(role: CallInput["role"], phase: "ringing" | "active"): CallInput {
  const media = { revision: 3, microphone: false, camera: true, onHold: false };
  return {
    callId,
    role,
    remote: ben,
    kind: "video",
    timers: defaultTimers,
    rev: 1,
    ringRemainingMs: 40_000,
    restored: { phase, generation: 1, media, ticket: "0b" },
  };
}

/** The server's state of the call, seen from here. */
export function sampleCall({ context }: CallMachineSnapshot, changes: Partial<CallSnapshot>): CallSnapshot {
  return {
    callId,
    rev: context.rev,
    phase: "active",
    role: context.role,
    remote: ben,
    kind: "video",
    ringRemainingMs: 0,
    endReason: undefined,
    mine: true,
    descriptions: [context.role === "caller" ? sampleAnswer : sampleOffer],
    candidates: [sampleCandidates],
    media: undefined,
    ...changes,
  };
}

/**
 * Every event of the call machine, and those twice that a guard tells apart. Revisions follow the snapshot's, so that
 * `remote.*` are news in each state; the stale ones say so in their label.
 */
export function callEvents(snapshot: CallMachineSnapshot): Readonly<Record<string, CallEvent>> {
  return {
    ...userEvents,
    ...remoteEvents(snapshot),
    ...serverEvents(snapshot),
    ...peerEvents(snapshot),
    ...localEvents,
  };
}

/** Those that can come about: before the Invite is sent nobody has heard of the call, and no timer runs. */
export function possibleCallEvents(snapshot: CallMachineSnapshot): Readonly<Record<string, CallEvent>> {
  const all = Object.entries(callEvents(snapshot));
  if (snapshot.status === "done" || !snapshot.matches({ outgoing: "preparing" }))
    return Object.fromEntries(all);
  return Object.fromEntries(
    all.filter(([, { type }]) => !type.startsWith("remote.") && !type.startsWith("timer.")),
  );
}

const userEvents: Readonly<Record<string, CallEvent>> = {
  "user.accept (audio)": { type: "user.accept", kind: "audio" },
  "user.decline": { type: "user.decline" },
  "user.silence": { type: "user.silence" },
  "user.hangUp": { type: "user.hangUp" },
  "user.setMicrophone (off)": { type: "user.setMicrophone", on: false },
  "user.setCamera (on)": { type: "user.setCamera", on: true },
  "user.setHold (on)": { type: "user.setHold", on: true },
};

function remoteEvents({ context }: CallMachineSnapshot): Readonly<Record<string, CallEvent>> {
  const rev = context.rev + 1;
  const accepted = { type: "remote.accepted", rev, kind: "audio", answer: sampleAnswer } as const;
  return {
    "remote.alerting": { type: "remote.alerting", rev },
    "remote.alerting (early answer)": { type: "remote.alerting", rev, answer: sampleAnswer },
    "remote.alerting (stale)": { type: "remote.alerting", rev: context.rev },
    "remote.accepted (mine)": { ...accepted, mine: true },
    "remote.accepted (mine, another answer)": {
      ...accepted,
      mine: true,
      answer: { ...sampleAnswer, sdp: "the answer of another device" },
    },
    "remote.accepted (not mine)": { ...accepted, mine: false },
    "remote.accepted (stale)": { ...accepted, rev: context.rev, mine: true },
    "remote.ended (hung-up by them)": { type: "remote.ended", rev, reason: "hung-up", by: "them" },
    "remote.ended (stale)": { type: "remote.ended", rev: context.rev, reason: "hung-up", by: "them" },
    "remote.described": { type: "remote.described", description: { ...sampleOffer, offerNumber: 2 } },
    "remote.described (newer generation)": {
      type: "remote.described",
      description: { ...sampleOffer, generation: context.generation + 1 },
    },
    "remote.candidates": { type: "remote.candidates", candidates: sampleCandidates },
    "remote.mediaState": { type: "remote.mediaState", state: nextMediaState(context.remoteMedia) },
    "remote.mediaState (stale)": {
      type: "remote.mediaState",
      state: mediaState(context.remoteMedia?.revision ?? 0),
    },
    "remote.reachability (gone)": { type: "remote.reachability", reachable: false },
    "remote.reachability (back)": { type: "remote.reachability", reachable: true },
  };
}

function nextMediaState(known: MediaStateSignal | undefined): MediaStateSignal {
  return mediaState((known?.revision ?? 0) + 1);
}

function mediaState(revision: number): MediaStateSignal {
  return { revision, microphone: true, camera: false, onHold: false };
}

function serverEvents(snapshot: CallMachineSnapshot): Readonly<Record<string, CallEvent>> {
  const synced = (changes: Partial<CallSnapshot>): CallEvent => ({
    type: "server.synced",
    call: sampleCall(snapshot, changes),
  });
  return {
    "server.invited": { type: "server.invited", ringRemainingMs: 60_000 },
    "server.accepted": { type: "server.accepted" },
    "server.refused (busy)": { type: "server.refused", reason: "busy" },
    "server.forgot": { type: "server.forgot" },
    "server.caughtUp": { type: "server.caughtUp" },
    "server.synced (absent)": { type: "server.synced", call: undefined },
    "server.synced (ringing)": synced({ phase: "ringing", mine: false, ringRemainingMs: 30_000 }),
    "server.synced (active, mine)": synced({}),
    "server.synced (active, newer generation)": synced({
      generation: snapshot.context.generation + 1,
      descriptions: [{ ...sampleOffer, sdp: "a newer offer", generation: snapshot.context.generation + 1 }],
    }),
    "server.synced (active, another answer)": synced({
      descriptions: [{ ...sampleAnswer, sdp: "the answer of another device" }],
    }),
    "server.synced (active, not mine)": synced({ mine: false }),
    "server.synced (ended)": synced({ phase: "ended", endReason: "cancelled" }),
  };
}

function peerEvents({ context }: CallMachineSnapshot): Readonly<Record<string, CallEvent>> {
  const description = context.role === "caller" ? sampleOffer : sampleAnswer;
  return {
    "peer.described": { type: "peer.described", description },
    "peer.candidates": { type: "peer.candidates", candidates: sampleCandidates },
    "peer.connected": { type: "peer.connected", at: 1_000 },
    "peer.interrupted": { type: "peer.interrupted" },
    "peer.failed": { type: "peer.failed" },
    "peer.stuck": { type: "peer.stuck" },
    "peer.broken (incompatible)": { type: "peer.broken", reason: "incompatible" },
    "peer.bye": { type: "peer.bye", reason: "hung-up" },
    "peer.mediaState": { type: "peer.mediaState", state: nextMediaState(context.remoteMedia) },
    "peer.mediaState (stale)": {
      type: "peer.mediaState",
      state: mediaState(context.remoteMedia?.revision ?? 0),
    },
  };
}

const localEvents: Readonly<Record<string, CallEvent>> = {
  "media.changed (on)": { type: "media.changed", media: { microphone: "on", camera: "on" } },
  "media.changed (busy)": { type: "media.changed", media: { microphone: "busy", camera: "off" } },
  "media.changed (denied)": { type: "media.changed", media: { microphone: "denied", camera: "off" } },
  "network.changed": { type: "network.changed" },
  ...Object.fromEntries(callTimerIds.map((id) => [`timer.${id}`, { type: `timer.${id}` } as const])),
};

/** What tells two situations of a call apart for the chart: its state, and the facts that are asked there. */
export function callSituation({ status, value, context, output }: CallMachineSnapshot): string {
  if (status === "done") return `ended: ${output?.reason} by ${output?.by}`;
  const state = pathOf(value);
  const facts: readonly (readonly [string, boolean, string])[] = [
    ["preparing", context.described !== undefined, "described"],
    ["preparing", context.mediaSettled, "media settled"],
    ["confirming", context.liveSince !== undefined, "connected"],
    ["incoming.ringing", context.earlyAnswer && context.described !== undefined, "answered early"],
    ["outgoing.ringing", context.early !== undefined, "answered early"],
    ["confirming", context.earlyAnswer, "answered early"],
    ["reconnecting", context.rebuilt, "rebuilt"],
    ["connecting", context.rebuilt, "rebuilt"],
    ["steady", context.media.microphone !== "on", "microphone off"],
    ["reconnecting", !context.remoteReachable || context.extended, "no longer budget"],
  ];
  const asked = facts.filter(([where, holds]) => holds && state.endsWith(where));
  return [state, ...asked.map(([, , fact]) => fact)].join(", ");
}

function pathOf(value: CallMachineSnapshot["value"] | string): string {
  if (typeof value === "string") return value;
  return Object.entries(value)
    .map(([parent, child]) => `${parent}.${pathOf(child as CallMachineSnapshot["value"])}`)
    .join(" ");
}
