import type { CallId, CallView, RemoteUser } from "@peerline/call-machine";
import type { Chat, PeerStates, PeerStats, TrackKind } from "@peerline/peer-connection";
import { nonePaused, type PausedSources } from "./media/pause-watch.ts";
import type { CallDetails, CallTracks, ChatEntry } from "./peerline.ts";

/** A conversation longer than this loses its oldest lines. */
const maxChatEntries = 1_000;

/** What flows in the calls: kept while a call is live, and for the one that ended last. */
export interface CallBook {
  get(callId: CallId): CallDetails | undefined;
  noteLocalTracks(callId: CallId, tracks: CallTracks): void;
  noteRemoteTrack(callId: CallId, track: MediaStreamTrack, kind: TrackKind): void;
  noteStates(callId: CallId, states: PeerStates): void;
  notePaused(callId: CallId, paused: PausedSources): void;
  noteStats(callId: CallId, stats: PeerStats | undefined): void;
  noteChat(callId: CallId, from: ChatEntry["from"], chat: Chat): void;
  noteRemote(callId: CallId, remote: RemoteUser): void;
  /** Forgets every call that is not among these. */
  keepOnly(calls: readonly CallView[]): void;
}

/** `onChange` follows each change. */
export function createCallBook(onChange: (callId: CallId) => void): CallBook {
  const pages = new Map<CallId, CallDetails>();

  function note(callId: CallId, change: (page: CallDetails) => Partial<CallDetails>): void {
    const page = pages.get(callId) ?? blankPage(callId);
    pages.set(callId, { ...page, ...change(page) });
    onChange(callId);
  }

  return {
    get: (callId) => pages.get(callId),
    noteLocalTracks: (callId, localTracks) => note(callId, () => ({ localTracks })),
    noteRemoteTrack: (callId, track, kind) =>
      note(callId, ({ remoteTracks }) => ({ remoteTracks: { ...remoteTracks, [kind]: track } })),
    noteStates: (callId, states) => note(callId, () => ({ states, canChat: states.chat === "open" })),
    notePaused: (callId, paused) => note(callId, () => ({ paused })),
    noteStats: (callId, stats) => note(callId, () => ({ stats })),
    noteChat: (callId, from, { id, text, sentAt }) =>
      note(callId, ({ chat }) => ({
        chat: [...chat, { id, from, text, at: sentAt }].slice(-maxChatEntries),
      })),
    noteRemote(callId, remote) {
      if (pages.get(callId)?.remote.user !== remote.user) note(callId, () => ({ remote }));
    },
    keepOnly(calls) {
      for (const callId of pages.keys()) {
        if (!calls.some((call) => call.callId === callId)) pages.delete(callId);
      }
    },
  };
}

function blankPage(callId: CallId): CallDetails {
  return {
    callId,
    remote: { user: "", displayName: "" },
    localTracks: {},
    remoteTracks: {},
    paused: nonePaused,
    chat: [],
    canChat: false,
    states: undefined,
    stats: undefined,
  };
}
