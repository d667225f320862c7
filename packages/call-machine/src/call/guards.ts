import { assertEvent } from "xstate";
import type { DescriptionSignal } from "../types.ts";
import type { CallContext } from "./context.ts";
import type { CallEvent } from "./events.ts";

interface Situation {
  readonly context: CallContext;
  readonly event: CallEvent;
}

export const isCaller = ({ context }: Situation): boolean => context.role === "caller";

export const autoAccepts = ({ context }: Situation): boolean => context.autoAccept !== undefined;

export const isReplaying = ({ context }: Situation): boolean => context.replaying;

/** Own description is made and the question about the devices is answered. */
export const isReady = ({ context }: Situation): boolean =>
  context.described !== undefined && context.mediaSettled;

/** A change of the call's life that was not applied before: duplicates and late arrivals have an old revision. */
export function isNews({ context, event }: Situation): boolean {
  assertEvent(event, ["remote.alerting", "remote.ended"]);
  return context.ending === undefined && event.rev > context.rev;
}

export function isNewMediaState({ context, event }: Situation): boolean {
  assertEvent(event, ["remote.mediaState", "peer.mediaState"]);
  return event.state.revision > (context.remoteMedia?.revision ?? 0);
}

/** The caller's call was accepted, or this endpoint is the one that won. */
export function isMine({ context, event }: Situation): boolean {
  assertEvent(event, "remote.accepted");
  return event.rev > context.rev && (context.role === "caller" || event.mine);
}

export function changesHold({ context, event }: Situation): boolean {
  assertEvent(event, "user.setHold");
  return event.on !== context.onHold;
}

/** Something starts or stops being sent: worth telling the peer. */
export function changesWhatIsSent({ context, event }: Situation): boolean {
  assertEvent(event, "media.changed");
  return (
    (event.media.microphone === "on") !== (context.media.microphone === "on") ||
    (event.media.camera === "on") !== (context.media.camera === "on")
  );
}

/** A reloaded page takes up what it was in. PROTOCOL rows 26, 77. */
export const restoresRing = ({ context }: Situation): boolean => context.restored?.phase === "ringing";

export const restoresTalk = ({ context }: Situation): boolean => context.restored?.phase === "active";

export const isNotRestored = ({ context }: Situation): boolean => context.restored === undefined;

/** The caller's call was accepted, but what is here cannot be used: nothing after a reload, or the connection to another device. PROTOCOL row 56. */
export const isMineElsewhere = (situation: Situation): boolean =>
  isMine(situation) && cannotUse(situation, acceptedAnswer(situation));

export const syncedMineElsewhere = (situation: Situation): boolean =>
  syncedMine(situation) && cannotUse(situation, acceptedAnswer(situation));

function cannotUse({ context }: Situation, answer: DescriptionSignal | undefined): boolean {
  return (
    context.described === undefined || (context.early !== undefined && context.early.sdp !== answer?.sdp)
  );
}

function acceptedAnswer({ event }: Situation): DescriptionSignal | undefined {
  assertEvent(event, ["remote.accepted", "server.synced"]);
  if (event.type === "remote.accepted") return event.answer;
  return event.call?.descriptions.findLast(({ type }) => type === "answer");
}

/** The peer built its connection anew. PROTOCOL 1.6. */
export const isNewerGeneration = ({ context, event }: Situation): boolean =>
  newestGeneration(event, context.generation) > context.generation;

export const syncedNewerGeneration = (situation: Situation): boolean =>
  syncedMine(situation) && isNewerGeneration(situation);

/** The highest of `known` and the offers that an event brings. */
export function newestGeneration(event: CallEvent, known: number): number {
  assertEvent(event, ["remote.described", "server.synced"]);
  const told = event.type === "remote.described" ? [event.description] : (event.call?.descriptions ?? []);
  const offers = told.filter(({ type }) => type === "offer");
  return Math.max(known, ...offers.map(({ generation }) => generation));
}

/** Once in a recovery. */
export const mayRebuild = ({ context }: Situation): boolean => !context.rebuilt;

export const answersEarly = ({ context }: Situation): boolean => context.earlyAnswer;

/** The peer's signaling is alive, so its network may come back: wait the long budget, once. */
export const mayExtend = ({ context }: Situation): boolean => context.remoteReachable && !context.extended;

export function syncedAbsent({ event }: Situation): boolean {
  assertEvent(event, "server.synced");
  return event.call === undefined;
}

export function syncedRinging({ event }: Situation): boolean {
  assertEvent(event, "server.synced");
  return event.call?.phase === "ringing";
}

export function syncedMine({ event }: Situation): boolean {
  assertEvent(event, "server.synced");
  return event.call?.phase === "active" && event.call.mine;
}

export const isConnected = ({ context }: Situation): boolean => context.liveSince !== undefined;
