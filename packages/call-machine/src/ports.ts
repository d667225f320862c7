import type {
  Command,
  CommandResult,
  Event,
  IceServer,
  PresenceUpdate,
  Relay,
  Snapshot,
} from "@peerline/protocol";
import type { ControlSignal } from "./call/effects.ts";
import type { MediaEvent, PeerEvent } from "./call/events.ts";
import type { Report } from "./guard.ts";
import type { RecentCall } from "./session/recent.ts";
import type { CallId, CallTimers, CandidatesSignal, DescriptionSignal, MediaStateSignal } from "./types.ts";

/** The command's payload, without its sequence number. */
export type CommandAction = Exclude<Command["action"], { case: undefined }>;

/** What a signaling session tells the machines. Calls are synchronous, in order, never re-entrant. */
export type SignalingInput =
  /** A stream is up. Not `resumed`: `snapshot` is the new truth. */
  | {
      readonly type: "hello";
      readonly resumed: boolean;
      readonly snapshot: Snapshot | undefined;
      readonly timers: Partial<CallTimers>;
      readonly iceServers: readonly IceServer[];
      /** How long their credentials last, in ms from now. Absent: for ever. */
      readonly iceServersValidForMs?: number;
    }
  /** Every event that was waiting when the stream opened has been delivered. Follows each `hello`. */
  | { readonly type: "caughtUp" }
  /** One mailbox event: exactly once and in order within an epoch. */
  | { readonly type: "event"; readonly event: Event }
  /** What became of a command: exactly once for each that was not dropped by an epoch change. */
  | { readonly type: "result"; readonly action: CommandAction; readonly result: CommandResult }
  | { readonly type: "presence"; readonly update: PresenceUpdate }
  /** The stream is down; the session reconnects by itself in `retryInMs`. Infinity: when the platform says that there is a network. */
  | {
      readonly type: "interrupted";
      readonly retryInMs: number;
      readonly code: LinkTroubleCode;
      readonly text: string;
    }
  /** The session is over and will not reconnect. `code` is machine readable, `text` names the fix. */
  | {
      readonly type: "stopped";
      readonly code: SessionStopCode;
      readonly text: string;
      /** Absent: what `code` says. */
      readonly trouble?: LinkTroubleCode;
    };

export type SessionStopCode =
  | "signed-out"
  | "superseded"
  | "not-allowed"
  | "unsupported-version"
  | "unauthenticated"
  | "misconfigured"
  | "bad-user"
  | "closed";

/**
 * Why the link is not online. Tried again: `offline`, the platform says that there is no network; `unreachable`, the server does
 * not answer, or not well; `wrong-server`, something else answers; `no-token`, the application brings none. For good: `wrong-server`
 * when a server says that it does not know this client; `bad-user`, the name cannot be signed in with; `refused`, the server takes
 * neither this token nor the next, or not this account; `superseded`, another tab or process has the endpoint;
 * `unsupported-version`; `signed-out`, by the server; `closed`, by this side.
 */
export type LinkTroubleCode =
  | "offline"
  | "unreachable"
  | "wrong-server"
  | "no-token"
  | "bad-user"
  | "refused"
  | "superseded"
  | "unsupported-version"
  | "signed-out"
  | "closed";

/** Why the link is not online, for a program and for a person. */
export interface LinkTrouble {
  readonly code: LinkTroubleCode;
  /** Short English: what is wrong, what mends it, and what was said. */
  readonly text: string;
  /** The time of day of the next attempt, in ms since 1970; in the past while one is made. Absent: none by itself. */
  readonly retryAt?: number;
}

export interface CallHealth {
  readonly callId: CallId;
  readonly mediaAlive: boolean;
}

/** One resumable signaling session. Implemented by `@peerline/signaling-client`. PROTOCOL 1.2, 1.3. */
export interface SignalingPort {
  /** Connects and delivers until `stop`. Called once. */
  start(receive: (input: SignalingInput) => void): void;
  /** Queues a command; they run in order, each at most once per epoch, and survive reconnects. */
  send(action: CommandAction): void;
  /** The calls whose leases the heartbeat keeps. An empty list means idle timing. */
  setCalls(calls: readonly CallHealth[]): void;
  /** The platform woke up, came online, or the person is about to call: reconnect now instead of waiting. */
  wake(): void;
  /** Ends the session. `sign-out` ends the endpoint's calls at once, `page-gone` leaves them the detach grace. */
  stop(intent: "page-gone" | "sign-out"): void;
}

/** One RTCPeerConnection. Every method may be called at any time; after `close` all are ignored. */
export interface PeerHandle {
  apply(description: DescriptionSignal): void;
  /** Accepted before the remote description too: held, then added in order. */
  addCandidates(candidates: CandidatesSignal): void;
  restartIce(): void;
  /**
   * Off: the tracks are kept back, the connection stays. On again: reports `peer.connected` once more when it is
   * connected. On from the start. PROTOCOL 1.5, early answer.
   */
  setSending(on: boolean): void;
  /** What may have been lost with the server's memory goes out again; duplicates are dropped by number. */
  resend(): void;
  /** Over the control channel when it is open; otherwise dropped (signaling carries the same). */
  say(signal: ControlSignal): void;
  /** Lets a `bye` that was just said leave, then closes. Idempotent. */
  close(): void;
}

export interface PeerOptions {
  readonly callId: CallId;
  readonly polite: boolean;
  /** Make an offer at once; otherwise wait for one. */
  readonly offer: boolean;
  readonly generation: number;
  /**
   * The DTLS fingerprints that the peer bound itself to, when it did: another one ends the call with `peer.broken`
   * `security` before its media is heard. PROTOCOL invariant 22.
   */
  readonly remoteFingerprints?: readonly string[];
}

/** Implemented by `@peerline/peer-connection` over any RTCPeerConnection. */
export interface PeerPort {
  /** `receive` is never called after `close`. */
  open(options: PeerOptions, receive: (event: PeerEvent) => void): PeerHandle;
}

/** The local devices of one call. */
export interface MediaHandle {
  setMicrophone(on: boolean): void;
  /** Off stops the track, so that the camera's light goes out. */
  setCamera(on: boolean): void;
  /** Stops every track that no other call holds. Idempotent. */
  close(): void;
}

export interface MediaPort {
  /**
   * Opens what is wanted. Reports `media.changed` once when every wanted source is open or refused, within seconds also while
   * one still is `waiting`, and again on each change. Never fails: a refusal is a state of the source.
   */
  open(
    callId: CallId,
    wanted: { readonly microphone: boolean; readonly camera: boolean },
    receive: (event: MediaEvent) => void,
  ): MediaHandle;
}

/** Time in milliseconds. */
export interface Clock {
  /** For lengths and deadlines: only counts, so that whoever sets the platform's clock moves none. */
  now(): number;
  /** Calls `run` once when `now` is at or after `at`; the result cancels it. */
  setTimer(at: number, run: () => void): () => void;
  /** The time of day, since 1970: for what people read. Default: `now`. */
  wall?(): number;
}

/** The time of day at a reading of `now`, which may be to come. */
export function wallTime(clock: Clock, at = clock.now()): number {
  return clock.wall ? Math.round(clock.wall() + at - clock.now()) : at;
}

/**
 * What an endpoint keeps of a call over a reload: its own media state, so that who was muted stays muted although the server
 * was not told any more. Synchronous; may forget.
 */
export interface CallMemory {
  load(callId: CallId): MediaStateSignal | undefined;
  /** `undefined`: the call is over. */
  save(callId: CallId, media: MediaStateSignal | undefined): void;
  /** The calls that are over, as they were saved for this user; absent: they are forgotten with the session. */
  loadRecent?(user: string): readonly RecentCall[];
  saveRecent?(user: string, recent: readonly RecentCall[]): void;
}

/** `info` one line per lifecycle transition; SDP, candidates and tokens at no level. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What `startSession` puts together. */
export interface SessionPorts {
  readonly signaling: SignalingPort;
  readonly peer: PeerPort;
  readonly media: MediaPort;
  readonly clock: Clock;
  readonly logger?: Logger;
  /** Takes what a subscriber, the memory, `onRelay` or `onIceServers` threw. Default: a warning of `logger`. */
  readonly report?: Report;
  readonly memory?: CallMemory;
  /** Messages of third-party types, in order. */
  readonly onRelay?: (relay: Relay) => void;
  /** Called with each hello's STUN and TURN servers. */
  readonly onIceServers?: (servers: readonly IceServer[], validForMs: number | undefined) => void;
}
