/** Plain data that crosses the machines: no bytes, no class instances, JSON throughout. Ids are lower-case hex. */

/** 16 random bytes made by the caller, as 32 hex digits. */
export type CallId = string;

/** What a person talks with. `data` opens neither microphone nor camera. */
export type MediaKind = "audio" | "video" | "data";

export type Role = "caller" | "callee";

/** Why a call is over, as the person at this endpoint should read it. PROTOCOL: `EndReason`. */
export type EndReason =
  | "hung-up"
  | "cancelled"
  | "declined"
  | "busy"
  | "no-answer"
  | "unreachable"
  | "answered-elsewhere"
  | "declined-elsewhere"
  | "replaced"
  | "glare"
  | "connect-failed"
  | "media-lost"
  | "peer-lost"
  | "negotiation-failed"
  | "media-device"
  | "incompatible"
  | "security"
  | "not-allowed"
  | "server"
  | "max-duration";

/** Who ended a call, seen from this endpoint. */
export type EndedBy = "me" | "them" | "server";

export interface RemoteUser {
  /** The account's name: unique, stable. */
  readonly user: string;
  /** From the server's sign-in; falls back to `user`. */
  readonly displayName: string;
}

/** One offer or answer (RFC 9429), numbered so that stale ones are recognised. */
export interface DescriptionSignal {
  readonly type: "offer" | "answer" | "reject";
  readonly sdp: string;
  /** Counts the RTCPeerConnections of the call, from 1. */
  readonly generation: number;
  /** Offers: the sender's counter, from 1. Answers and rejections: the offer they answer. */
  readonly offerNumber: number;
  readonly iceRestart: boolean;
}

export interface IceCandidateSignal {
  /** The candidate-attribute; empty strings never travel. */
  readonly candidate: string;
  readonly sdpMid: string;
  readonly sdpMLineIndex: number;
}

/** Candidates of one ICE generation in order; (`ufrag`, `firstIndex` + position) names each. RFC 8838. */
export interface CandidatesSignal {
  readonly generation: number;
  readonly ufrag: string;
  readonly firstIndex: number;
  readonly list: readonly IceCandidateSignal[];
  /** No more will come for this ufrag. */
  readonly end: boolean;
}

/** A party's sources as they are now; the higher revision wins whichever path it came by. */
export interface MediaStateSignal {
  readonly revision: number;
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly onHold: boolean;
}

/**
 * A local source. All but `on` leave the call going without it: `denied` by the person or the browser, `missing` no such
 * device, `busy` another program holds it, `waiting` neither the person nor the platform has answered for some seconds (the
 * source goes out when it comes).
 */
export type SourceState = "off" | "opening" | "waiting" | "on" | "denied" | "missing" | "busy";

export interface LocalMediaState {
  readonly microphone: SourceState;
  readonly camera: SourceState;
}

export type Availability = "offline" | "online" | "busy";

export interface Person {
  readonly user: string;
  readonly displayName: string;
  readonly availability: Availability;
  readonly bot: boolean;
  /** Increases with each change; an older one never replaces a newer one. */
  readonly version: number;
}

/** A call as the server sees it, seen from this endpoint. */
export interface CallSnapshot {
  readonly callId: CallId;
  readonly rev: number;
  readonly phase: "ringing" | "active" | "ended";
  readonly role: Role;
  readonly remote: RemoteUser;
  readonly kind: MediaKind;
  readonly ringRemainingMs: number;
  readonly endReason: EndReason | undefined;
  /** The phase is active and this endpoint is the accepted one, or the caller. */
  readonly mine: boolean;
  /** Proof of being a party, opaque; hex. */
  readonly ticket?: string;
  readonly descriptions: readonly DescriptionSignal[];
  readonly candidates: readonly CandidatesSignal[];
  readonly media: MediaStateSignal | undefined;
  /** This endpoint's own, as the peer knows it. */
  readonly ownMedia?: MediaStateSignal;
  /** Highest generation of a peer connection that either side has described; 0: none. */
  readonly generation?: number;
  /** What the caller binds itself to. PROTOCOL invariant 22. */
  readonly fingerprints?: readonly string[];
  /** The call that this endpoint was talking in and that gave way to this one. PROTOCOL 1.5 Recall. */
  readonly replaces?: CallId;
}

/** What a call came to on this side: the most that goes on by itself in the call that takes its place. */
export interface Talk {
  readonly kind: MediaKind;
  readonly microphone: boolean;
  readonly camera: boolean;
}

/** Every length of time the machines use, in milliseconds. PROTOCOL 2.6. */
export interface CallTimers {
  /** An Invite or Accept with no result from the server. */
  readonly resultMs: number;
  /** Added to the server's remaining ring time before the client gives up by itself. */
  readonly ringGuardMs: number;
  /** No media yet: ask for an ICE restart once. */
  readonly connectHalfMs: number;
  /** No media yet: give up. */
  readonly connectMs: number;
  /** Media that has stopped for this long, after the peer connection has noticed, is an interruption. */
  readonly interruptedMs: number;
  /** An ICE restart, or a new connection, that brings nothing is followed by the next attempt after this long. */
  readonly restartMs: number;
  /** One that failed is tried again after this long. */
  readonly retryMs: number;
  /** After a change of networks: how long a loss of media is taken for its consequence. */
  readonly renewMs: number;
  /** Give up the recovery when the peer's signaling is gone too. */
  readonly recoverMs: number;
  /** Give up the recovery although the peer's signaling lives. */
  readonly recoverLongMs: number;
  /** A server that lost its memory: keep alerting this long for the call to appear again. */
  readonly windowMs: number;
}

export const defaultTimers: CallTimers = {
  resultMs: 32_000,
  ringGuardMs: 5_000,
  connectHalfMs: 12_000,
  connectMs: 30_000,
  interruptedMs: 1_000,
  restartMs: 10_000,
  retryMs: 1_000,
  renewMs: 5_000,
  recoverMs: 30_000,
  recoverLongMs: 60_000,
  windowMs: 5_000,
};
