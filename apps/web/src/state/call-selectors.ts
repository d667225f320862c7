import type { CallPhase, CallView, LocalMediaState, MediaKind, SourceState } from "@peerline/call-machine";
import type { CallDetails, ChatEntry } from "@peerline/client";

/** Where a call is shown: rung over any page, on its own page, or as a note about its end. */
export type CallPlace = "overlay" | "stage" | "summary";

export function placeOf(call: Pick<CallView, "phase"> | undefined): CallPlace | undefined {
  if (!call) return undefined;
  if (call.phase === "incoming") return "overlay";
  return call.phase === "ended" ? "summary" : "stage";
}

/** The call that has to have the page now, by id. Its changes, not its presence, move the person there. */
export function stagedCallId(call: CallView | undefined): string | undefined {
  return call && placeOf(call) === "stage" ? call.callId : undefined;
}

export type CallBanner =
  | "reconnecting"
  | "peer-lost"
  | "held"
  | "holding"
  | "both-paused"
  | "picture-paused"
  | "sound-paused"
  | "server-lost";

/**
 * The call as its page shows it: a connection that misses its packets is being reconnected to the person, before the
 * machine gives it time to come back by itself.
 */
export function asShown(call: CallView, details: CallDetails | undefined): CallView {
  const connection = details?.states?.connection;
  const isMissed = connection === "disconnected" || connection === "failed";
  return call.phase === "live" && isMissed ? { ...call, phase: "reconnecting" } : call;
}

/**
 * The one line over a call in which not everything flows; trouble with the media comes first, then a hold, then what does not arrive. `isLinkLost`: the server is out of reach for 15 s
 * or more. UX 1.5, PROTOCOL row 58.
 */
export function callBanner(
  call: CallView,
  details: CallDetails | undefined,
  isLinkLost: boolean,
): CallBanner | undefined {
  if (call.phase === "reconnecting") return call.remoteReachable ? "reconnecting" : "peer-lost";
  if (call.phase !== "live") return undefined;
  return holdOf(call) ?? pauseOf(details) ?? (isLinkLost ? "server-lost" : undefined);
}

/** What the peer says it sends, and does not arrive: before the call is reconnected, and where it never is. */
export function pauseOf(
  details: CallDetails | undefined,
): "both-paused" | "picture-paused" | "sound-paused" | undefined {
  if (details?.paused.camera) return details.paused.microphone ? "both-paused" : "picture-paused";
  return details?.paused.microphone ? "sound-paused" : undefined;
}

/** Who keeps the media back: the other person, or this one alone. PROTOCOL row 50. */
export function holdOf({ hold }: Pick<CallView, "hold">): "held" | "holding" | undefined {
  if (hold.remote) return "held";
  return hold.local ? "holding" : undefined;
}

type Refusal = Extract<SourceState, "waiting" | "denied" | "missing" | "busy">;

export interface SourceNotice {
  readonly source: keyof LocalMediaState;
  readonly refusal: Refusal;
}

/** The local sources that were wanted, and were refused or are not answered for. */
export function sourceNotices(local: LocalMediaState): readonly SourceNotice[] {
  return (["microphone", "camera"] as const).flatMap((source) => {
    const refusal = refusalOf(local[source]);
    return refusal ? [{ source, refusal }] : [];
  });
}

function refusalOf(state: SourceState): Refusal | undefined {
  return state === "off" || state === "opening" || state === "on" ? undefined : state;
}

/** On, or on its way there: what the button shows. */
export function isWanted(state: SourceState): boolean {
  return state === "on" || state === "opening" || state === "waiting";
}

/** Both were connected, and are or will be again. */
export function isUp(phase: CallPhase): boolean {
  return phase === "live" || phase === "reconnecting";
}

export interface RemoteLook {
  readonly muted: boolean;
  readonly cameraOff: boolean;
  readonly showsVideo: boolean;
}

/** What of the peer is heard and seen; nothing while the call is on hold. */
export function remoteLook(call: CallView, details: CallDetails | undefined): RemoteLook {
  const hasVideo = details?.remoteTracks.video !== undefined;
  const camera = call.remoteMedia?.camera ?? false;
  const flows = isUp(call.phase) && holdOf(call) === undefined;
  return {
    muted: flows && call.remoteMedia?.microphone === false,
    cameraOff: flows && call.kind === "video" && call.remoteMedia?.camera === false,
    showsVideo: flows && hasVideo && camera,
  };
}

/** Messages of the other person that have not been on screen: by their ids, since a long chat loses its oldest. */
export function unreadCount(chat: readonly ChatEntry[], seen: ReadonlySet<string>): number {
  return chat.filter(({ id, from }) => from === "them" && !seen.has(id)).length;
}

/** The ways to answer, the fullest first. */
export function answerKinds(kind: MediaKind): readonly MediaKind[] {
  return kind === "video" ? ["video", "audio"] : [kind];
}

/** What is heard while it rings. UX 1.4. */
export function ringSoundFor(call: CallView | undefined): "ringtone" | "ringback" | undefined {
  if (call?.phase === "incoming" && !call.silenced) return "ringtone";
  return call?.phase === "ringing" ? "ringback" : undefined;
}
