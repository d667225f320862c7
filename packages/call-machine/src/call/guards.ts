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
export const isNews = ({ context, event }: Situation): boolean =>
  context.ending === undefined && "rev" in event && event.rev > context.rev;

export const isNewMediaState = ({ context, event }: Situation): boolean =>
  (event.type === "remote.mediaState" || event.type === "peer.mediaState") &&
  event.state.revision > (context.remoteMedia?.revision ?? 0);

/** The caller's call was accepted, or this endpoint is the one that won. */
export const isMine = ({ context, event }: Situation): boolean =>
  event.type === "remote.accepted" && event.rev > context.rev && (context.role === "caller" || event.mine);

export const changesMedia = ({ context, event }: Situation): boolean =>
  event.type === "media.changed" &&
  (event.media.microphone !== context.media.microphone || event.media.camera !== context.media.camera);

export const changesHold = ({ context, event }: Situation): boolean =>
  event.type === "user.setHold" && event.on !== context.onHold;

/** Something starts or stops being sent: worth telling the peer. */
export const changesWhatIsSent = ({ context, event }: Situation): boolean =>
  event.type === "media.changed" &&
  ((event.media.microphone === "on") !== (context.media.microphone === "on") ||
    (event.media.camera === "on") !== (context.media.camera === "on"));

/** A reloaded page takes up what it was in. PROTOCOL rows 26, 77. */
export const restoresRing = ({ context }: Situation): boolean => context.restored?.phase === "ringing";

export const restoresTalk = ({ context }: Situation): boolean => context.restored?.phase === "active";

export const isNotRestored = ({ context }: Situation): boolean => context.restored === undefined;

/** Accepted, but what is here cannot be used: nothing after a reload, or the connection to another device. PROTOCOL row 56. */
export const isMineElsewhere = (situation: Situation): boolean =>
  isMine(situation) && cannotUse(situation, acceptedAnswer(situation));

export const syncedMineElsewhere = (situation: Situation): boolean =>
  syncedMine(situation) && cannotUse(situation, acceptedAnswer(situation));

function cannotUse({ context }: Situation, answer: DescriptionSignal | undefined): boolean {
  if (context.role !== "caller") return false;
  return (
    context.described === undefined || (context.early !== undefined && context.early.sdp !== answer?.sdp)
  );
}

function acceptedAnswer({ event }: Situation): DescriptionSignal | undefined {
  if (event.type === "remote.accepted") return event.answer;
  if (event.type !== "server.synced") return undefined;
  return event.call?.descriptions.findLast(({ type }) => type === "answer");
}

/** The peer built its connection anew. PROTOCOL 1.6. */
export const isNewerGeneration = ({ context, event }: Situation): boolean =>
  newestOffer(event, context.generation) !== undefined;

export const syncedNewerGeneration = (situation: Situation): boolean =>
  syncedMine(situation) && isNewerGeneration(situation);

/** The offer of a generation above `known` that an event brings. */
export function newestOffer(event: CallEvent, known: number): DescriptionSignal | undefined {
  const described = event.type === "remote.described" ? [event.description] : [];
  const synced = event.type === "server.synced" ? (event.call?.descriptions ?? []) : [];
  return [...described, ...synced].findLast(({ type, generation }) => type === "offer" && generation > known);
}

/** Once in a recovery, when ICE restarts bring nothing. PROTOCOL 2.5. */
export const shouldRebuild = ({ context }: Situation): boolean => context.restarts > 0 && !context.rebuilt;

export const mayRebuild = ({ context }: Situation): boolean => !context.rebuilt;

export const answersEarly = ({ context }: Situation): boolean => context.earlyAnswer;

/** The peer's signaling is alive, so its network may come back: wait the long budget, once. */
export const mayExtend = ({ context }: Situation): boolean => context.remoteReachable && !context.extended;

export const syncedAbsent = ({ event }: Situation): boolean =>
  event.type === "server.synced" && event.call === undefined;

export const syncedRinging = ({ event }: Situation): boolean =>
  event.type === "server.synced" && event.call?.phase === "ringing";

export const syncedMine = ({ event }: Situation): boolean =>
  event.type === "server.synced" && event.call?.phase === "active" && event.call.mine;

export const isConnected = ({ context }: Situation): boolean => context.liveSince !== undefined;
