import type {
  CallSnapshot,
  CandidatesSignal,
  DescriptionSignal,
  EndedBy,
  EndReason,
  LocalMediaState,
  MediaKind,
  MediaStateSignal,
} from "../types.ts";

/** What the person asks for. */
export type UserEvent =
  | { readonly type: "user.accept"; readonly kind: MediaKind }
  | { readonly type: "user.decline" }
  | { readonly type: "user.silence" }
  | { readonly type: "user.hangUp" }
  | { readonly type: "user.setMicrophone"; readonly on: boolean }
  /** Nothing is sent either way until both sides are off hold. */
  | { readonly type: "user.setHold"; readonly on: boolean }
  | { readonly type: "user.setCamera"; readonly on: boolean };

/** What the other side did, as the server ordered it. `rev` is the call's revision, for the changes of its life. */
export type RemoteEvent =
  | {
      readonly type: "remote.alerting";
      readonly rev: number;
      /** From the only endpoint that rings: the connection can be made before the accept. */
      readonly answer?: DescriptionSignal;
    }
  | {
      readonly type: "remote.accepted";
      readonly rev: number;
      /** This endpoint is the one that accepted. */
      readonly mine: boolean;
      readonly kind: MediaKind;
      readonly answer: DescriptionSignal | undefined;
      readonly ticket?: string;
      /** What the callee binds itself to. */
      readonly fingerprints?: readonly string[];
    }
  | { readonly type: "remote.ended"; readonly rev: number; readonly reason: EndReason; readonly by: EndedBy }
  | { readonly type: "remote.described"; readonly description: DescriptionSignal }
  | { readonly type: "remote.candidates"; readonly candidates: CandidatesSignal }
  | { readonly type: "remote.mediaState"; readonly state: MediaStateSignal }
  | { readonly type: "remote.reachability"; readonly reachable: boolean };

/** What the server made of this endpoint's own commands, and of its session. */
export type ServerEvent =
  | { readonly type: "server.invited"; readonly ringRemainingMs: number; readonly ticket?: string }
  | { readonly type: "server.accepted"; readonly ticket?: string }
  /** The command was not applied, or refused: the call is over here for `reason`. */
  | { readonly type: "server.refused"; readonly reason: EndReason }
  /** The server does not know the call that was accepted: it lost its memory, and the caller may bring the call back. */
  | { readonly type: "server.forgot" }
  /** Everything that happened while the stream was down has been applied. */
  | { readonly type: "server.caughtUp" }
  /** A new epoch: this is the truth now. `undefined`: the server does not know the call. */
  | { readonly type: "server.synced"; readonly call: CallSnapshot | undefined };

/** What the peer connection reports. */
export type PeerEvent =
  /** A local offer or answer is set and must be sent. */
  | {
      readonly type: "peer.described";
      readonly description: DescriptionSignal;
      /** Own DTLS fingerprints, when this endpoint keeps them for the whole call. PROTOCOL D16. */
      readonly fingerprints?: readonly string[];
    }
  | { readonly type: "peer.candidates"; readonly candidates: CandidatesSignal }
  /** `connectionState` became `connected`. `at` is the clock's reading, in ms. */
  | { readonly type: "peer.connected"; readonly at: number }
  /** `connectionState` became `disconnected`. */
  | { readonly type: "peer.interrupted" }
  /** `connectionState` became `failed`: an ICE restart is needed. */
  | { readonly type: "peer.failed" }
  /** Only a rebuilt connection can help: negotiation failed again and again, or the platform closed it. PROTOCOL 1.6. */
  | { readonly type: "peer.stuck" }
  /** The connection cannot go on at all: no codec in common, an exception, closed by the platform. */
  | { readonly type: "peer.broken"; readonly reason: "incompatible" | "negotiation-failed" | "security" }
  /** Over the control channel. */
  | { readonly type: "peer.bye"; readonly reason: EndReason }
  | { readonly type: "peer.mediaState"; readonly state: MediaStateSignal };

/** What the local devices are now. Sent once both questions are settled, and again with each change. */
export type MediaEvent = { readonly type: "media.changed"; readonly media: LocalMediaState };

export const callTimerIds = [
  "result",
  "ring",
  "connectHalf",
  "connect",
  "interrupted",
  "restart",
  "renew",
  "recover",
  "window",
] as const;
export type CallTimerId = (typeof callTimerIds)[number];

/** The platform's network is another one now: restart ICE without waiting for the connection to notice. PROTOCOL 1.6. */
export type NetworkEvent = { readonly type: "network.changed" };

/** A deadline that passed. */
export type TimerEvent = { readonly type: `timer.${CallTimerId}` };

/** Everything the call machine receives. */
export type CallEvent =
  | UserEvent
  | RemoteEvent
  | ServerEvent
  | PeerEvent
  | MediaEvent
  | NetworkEvent
  | TimerEvent;
