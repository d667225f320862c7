import type { Transport } from "@connectrpc/connect";
import type {
  CallId,
  CallMemory,
  Clock,
  Logger,
  MediaKind,
  RemoteUser,
  SessionView,
  SourceState,
} from "@peerline/call-machine";
import type { ConnectionLike, PeerStates, PeerStats } from "@peerline/peer-connection";
import type { ObservedSignal } from "@peerline/signaling-client";
import type { ExtensionMessage, OutgoingExtension } from "./extensions.ts";
import type { PausedSources } from "./media/pause-watch.ts";

/** What `createPeerline` needs. Everything but the first two has a default that suits a browser. */
export interface PeerlineOptions {
  /** Where the signaling server is, for example `http://localhost:8080`. */
  readonly serverUrl: string;
  /**
   * Who signs in. With a `getToken` the token's subject; without one any name in which there is something to see, whose account is
   * `accountOf(name)` of `@peerline/client/account`.
   */
  readonly user: string;
  /** Shown to others. Default: `user`. At most 256 bytes. */
  readonly displayName?: string;
  /**
   * Gets an access token; asked again before it runs out, and when it throws, rejects, gives none or takes longer than 10 s: `trouble`
   * says so. Rejecting with a `SignalingError` `unauthenticated` ends the session. Default: the development sign-in, by name alone.
   */
  readonly getToken?: () => Promise<AccessToken>;
  /** A Connect transport. Default: over `fetch`, binary. Node applications may pass `connect-node`'s. */
  readonly transport?: Transport;
  readonly rtc?: RtcOptions;
  /** Where microphone and camera come from. Default: `navigator.mediaDevices`. */
  readonly media?: MediaSource;
  /** 32 hex digits, kept over reloads of a tab. Default: fresh random ones. */
  readonly endpointId?: string;
  /** A name for this device, shown to the user's other devices alone: "answered on …". At most 64 bytes. */
  readonly deviceId?: string;
  /** Accept every call by itself with at most this: bots. */
  readonly autoAccept?: MediaKind;
  /**
   * Make the connection of an incoming call while it still rings, sending nothing before the accept: answering is then
   * faster by the connection's set-up, and the caller learns this endpoint's address by ringing. Default false.
   * PROTOCOL 1.5.
   */
  readonly earlyAnswer?: boolean;
  /**
   * Take up the calls that this endpoint was in before a reload, with `endpointId` the same as before. Default true;
   * otherwise they are ended. PROTOCOL row 77.
   */
  readonly restoresCalls?: boolean;
  /** Keeps what was muted, and the calls that are over, over a reload. Default: the tab's `sessionStorage`. */
  readonly memory?: CallMemory;
  /** How many calls at once. Default 1. */
  readonly capacity?: number;
  /**
   * Message types of your own and who takes them. A critical message of a type that is not here is refused to its sender.
   * PROTOCOL 1.8.
   */
  readonly extensions?: Readonly<Record<string, (message: ExtensionMessage) => void>>;
  /** The receiver does not know the type of a critical message that was sent from here. */
  readonly onExtensionRefused?: (messageId: string) => void;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Also told what the application's own callbacks throw. Default: that alone is told, on the console. */
  readonly logger?: Logger;
  /** Every signal sent and received, with type, time and size. For a log or a test. */
  readonly onSignal?: (signal: ObservedSignal) => void;
}

export interface AccessToken {
  readonly token: string;
  /** Default: asked again when the server refuses it. */
  readonly validForMs?: number;
}

export interface RtcOptions {
  /** Default: the platform's `RTCPeerConnection`. */
  readonly createConnection?: (configuration: RTCConfiguration) => ConnectionLike;
  /** Used beside those that the server names. */
  readonly iceServers?: readonly RTCIceServer[];
  /** `relay` never reveals this endpoint's addresses to the peer. Default `all`. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
}

export type SourceName = "microphone" | "camera";

/** Why a source stays closed: the person or the browser said no, there is none, another program holds it. */
export type SourceRefusal = Extract<SourceState, "denied" | "missing" | "busy">;

/** The answer for each source that was asked for. */
export type OpenedSources = Partial<Record<SourceName, MediaStreamTrack | SourceRefusal>>;

/** Where microphone and camera come from. */
export interface MediaSource {
  /**
   * Opens the named sources with one question to the person where that is possible. A call waits for 5 s and then goes on
   * without; what comes later goes out then, and what nobody wants any more is stopped. May be asked again meanwhile, when the
   * person turns the source on once more. What it rejects with is read as `getUserMedia`'s errors are, and anything that is
   * neither a live track nor a refusal as `missing`.
   */
  open(sources: readonly SourceName[]): Promise<OpenedSources>;
}

/**
 * One signed-in endpoint: places, takes and shows calls. Methods never throw on timing; the view tells what is. What no call can be
 * asked, such as a name of no bytes, throws a `PeerlineError` `invalid-option`; what would be lost because the link is stopped for good,
 * `closed`.
 */
export interface Peerline {
  /** The same object until something changes. */
  view(): PeerlineView;
  /**
   * Called after each change. Does not replay; returns the way out. What a listener throws, or its promise is rejected with, is a
   * warning of `logger`, without one an error on the console; the others are called all the same.
   */
  subscribe(listener: (view: PeerlineView) => void): () => void;
  /** Calls a user, without a `getToken` also by name. Default kind `video`. Returns the new call's id. */
  dial(user: string, kind?: MediaKind): CallId;
  /** These act on `view().call` unless a call is named. `accept` defaults to the kind the caller asked for. */
  accept(kind?: MediaKind, callId?: CallId): void;
  decline(callId?: CallId): void;
  /** Cancels while it rings, hangs up after. */
  hangUp(callId?: CallId): void;
  silence(callId?: CallId): void;
  setMicrophone(on: boolean, callId?: CallId): void;
  setCamera(on: boolean, callId?: CallId): void;
  /** Nothing is sent either way while one of both holds. Only of a call that was accepted. */
  setHold(on: boolean, callId?: CallId): void;
  /**
   * Sends these instead of the devices' tracks, each while its source is on: a bot's own sound, or the peer's echoed. The
   * tracks stay the caller's.
   */
  sendTracks(tracks: CallTracks, callId?: CallId): void;
  /**
   * Sends a line of visible text, 1 byte to 8 KiB; any other throws a `PeerlineError` `invalid-option`. False: the channel is not
   * open, or lines come faster than a peer takes them (40 at once, then 10 a second); nothing was sent.
   */
  sendChat(text: string, callId?: CallId): boolean;
  /**
   * Sends a message of a type of your own; returns its id. Throws a `PeerlineError` `invalid-extension` for a type without a
   * domain, or more than 16 KiB.
   */
  sendExtension(message: OutgoingExtension): string;
  /** Leaves the summary of the ended call; in `view().recent` it stays, as seen. */
  dismiss(): void;
  /** The person knows of these missed calls. */
  markSeen(callIds: readonly CallId[]): void;
  /** Round trip to another user's client and back through the server, in ms. Rejects with `PeerlineError` when nobody answers. */
  ping(user: string): Promise<number>;
  /** The details of any live call, or of the one that ended last. */
  details(callId: CallId): CallDetails | undefined;
  /** Reconnects now instead of waiting: the platform woke up or came online. */
  wake(): void;
  /**
   * The platform changed networks: reconnects now, and every live call looks for a new path without waiting for the old one
   * to be missed. PROTOCOL row 57.
   */
  networkChanged(): void;
  /** What the platform says of its network. Offline: nothing is tried before it is online again, which is a change of networks. */
  setOnline(isOnline: boolean): void;
  /**
   * Ends the calls of this endpoint and the session: `link` is `stopped` from then on. `page-gone` is for `pagehide`: calls are kept for
   * the detach grace. The first word counts; a second does nothing.
   */
  close(intent?: "sign-out" | "page-gone"): void;
}

/** What an endpoint sends. */
export interface CallTracks {
  readonly microphone?: MediaStreamTrack;
  readonly camera?: MediaStreamTrack;
}

/** Everything that a screen or a bot reads. */
export interface PeerlineView extends SessionView {
  /** Of `call`. */
  readonly details: CallDetails | undefined;
}

/** What flows in a call. The tracks are live objects; the rest is data. */
export interface CallDetails {
  readonly callId: CallId;
  readonly remote: RemoteUser;
  readonly localTracks: CallTracks;
  readonly remoteTracks: { readonly audio?: MediaStreamTrack; readonly video?: MediaStreamTrack };
  /**
   * The peer says that this source is on, and nothing of it has come in for about 2.5 s: its picture stands still. Known before
   * the call is `reconnecting`; always false where the platform does not count what comes in.
   */
  readonly paused: PausedSources;
  readonly chat: readonly ChatEntry[];
  /** The channel is open. */
  readonly canChat: boolean;
  /** W3C states as they are now; `undefined` before the connection exists. */
  readonly states: PeerStates | undefined;
  /** Sampled every 2 s while the call is live. */
  readonly stats: PeerStats | undefined;
}

export interface ChatEntry {
  readonly id: string;
  readonly from: "me" | "them";
  readonly text: string;
  /** Clock reading in ms: of the sender. `undefined`: the peer gave none that could be one. */
  readonly at: number | undefined;
}
