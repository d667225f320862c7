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

/** Something starts or stops being sent: worth telling the peer. */
export const changesWhatIsSent = ({ context, event }: Situation): boolean =>
  event.type === "media.changed" &&
  ((event.media.microphone === "on") !== (context.media.microphone === "on") ||
    (event.media.camera === "on") !== (context.media.camera === "on"));

/** The peer's signaling is alive, so its network may come back: wait the long budget, once. */
export const mayExtend = ({ context }: Situation): boolean => context.remoteReachable && !context.extended;

export const syncedAbsent = ({ event }: Situation): boolean =>
  event.type === "server.synced" && event.call === undefined;

export const syncedRinging = ({ event }: Situation): boolean =>
  event.type === "server.synced" && event.call?.phase === "ringing";

export const syncedMine = ({ event }: Situation): boolean =>
  event.type === "server.synced" && event.call?.phase === "active" && event.call.mine;

export const isConnected = ({ context }: Situation): boolean => context.liveSince !== undefined;
