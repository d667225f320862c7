import {
  type CallId,
  guard,
  guardLogger,
  type PeerHandle,
  type PeerPort,
  type Report,
  reportTo,
} from "@peerline/call-machine";
import type { Chat } from "./chat-message.ts";
import type { PeerStates } from "./connection-states.ts";
import { createPeer, type Peer, type PeerPlatform } from "./create-peer.ts";
import type { LocalTracks, TrackKind } from "./media-lines.ts";
import { PeerError } from "./peer-error.ts";
import type { Incoming } from "./silence.ts";

type PerCall =
  | "iceServers"
  | "tracks"
  | "certificates"
  | "onRemoteTrack"
  | "onChat"
  | "onStates"
  | "onIncoming";

/** The platform of every call's connection, and the app's side of them. */
export interface PeerPortOptions extends Omit<PeerPlatform, PerCall> {
  /** Read when a connection opens. */
  readonly getIceServers: () => readonly RTCIceServer[];
  /** Read when a connection opens; later changes go to `Peer.setTracks`. */
  readonly localTracks?: (callId: CallId) => LocalTracks;
  /** Read when a connection opens: PROTOCOL D16. */
  readonly getCertificates?: (callId: CallId) => readonly RTCCertificate[] | undefined;
  readonly onRemoteTrack?: (callId: CallId, track: MediaStreamTrack, kind: TrackKind) => void;
  readonly onChat?: (callId: CallId, chat: Chat) => void;
  readonly onStates?: (callId: CallId, states: PeerStates) => void;
  readonly onIncoming?: (callId: CallId, incoming: Incoming<boolean>) => void;
  /** Told what these throw, and why there is no connection. Default: warnings of `logger`. */
  readonly report?: Report;
}

/** The machine's port, and the connections behind it. */
export interface Peers extends PeerPort {
  /** The call's open connection, the newest one when it was rebuilt. */
  get(callId: CallId): Peer | undefined;
  /** Gives every open connection these, for its next ICE restart. */
  setIceServers(servers: readonly RTCIceServer[]): void;
}

/**
 * Implements the call machine's peer port. A platform that refuses a connection is reported as `peer.broken`. Only the
 * newest connection of a call is heard: what one that a rebuild replaced still says goes nowhere. PROTOCOL row 55.
 */
export function createPeerPort(given: PeerPortOptions): Peers {
  const options = guardOptions(given);
  const open = new Map<CallId, Peer>();
  const newest = new Map<CallId, object>();
  return {
    get: (callId) => open.get(callId),
    setIceServers(servers) {
      for (const peer of open.values()) peer.setIceServers(servers);
    },
    open(peerOptions, receive) {
      const { callId } = peerOptions;
      const opened = {};
      newest.set(callId, opened);
      const isNewest = () => newest.get(callId) === opened;
      try {
        const peer = createPeer({ ...peerOptions, ...platformFor(options, callId, isNewest) }, (event) => {
          if (isNewest()) receive(event);
        });
        open.set(callId, peer);
        const close = () => {
          peer.close();
          if (!isNewest()) return;
          open.delete(callId);
          newest.delete(callId);
        };
        return { ...peer, close };
      } catch (thrown) {
        options.report("rtc.createConnection", PeerError.from(thrown).cause);
        return brokenHandle(() => receive({ type: "peer.broken", reason: "incompatible" }));
      }
    },
  };
}

function guardOptions(given: PeerPortOptions): PeerPortOptions & { readonly report: Report } {
  const { onRemoteTrack, onChat, onStates } = given;
  const logger = given.logger && guardLogger(given.logger);
  const { report = reportTo(logger) } = given;
  return {
    ...given,
    report,
    logger,
    ...(onRemoteTrack && { onRemoteTrack: guard(report, "onRemoteTrack", onRemoteTrack) }),
    ...(onChat && { onChat: guard(report, "onChat", onChat) }),
    ...(onStates && { onStates: guard(report, "onStates", onStates) }),
  };
}

function platformFor(options: PeerPortOptions, callId: CallId, isNewest: () => boolean): PeerPlatform {
  const { onRemoteTrack, onChat, onStates, onIncoming } = options;
  const ifNewest = (tell: () => void) => {
    if (isNewest()) tell();
  };
  return {
    ...options,
    iceServers: options.getIceServers(),
    tracks: options.localTracks?.(callId),
    certificates: options.getCertificates?.(callId),
    onRemoteTrack: (track, kind) => ifNewest(() => onRemoteTrack?.(callId, track, kind)),
    onChat: (chat) => ifNewest(() => onChat?.(callId, chat)),
    onStates: (states) => ifNewest(() => onStates?.(callId, states)),
    onIncoming: (incoming) => ifNewest(() => onIncoming?.(callId, incoming)),
  };
}

function brokenHandle(report: () => void): PeerHandle {
  let closed = false;
  queueMicrotask(() => {
    if (!closed) report();
  });
  const ignore = () => undefined;
  return {
    apply: ignore,
    addCandidates: ignore,
    restartIce: ignore,
    setSending: ignore,
    resend: ignore,
    say: ignore,
    close() {
      closed = true;
    },
  };
}
