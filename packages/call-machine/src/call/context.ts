import type {
  CallId,
  CallTimers,
  CandidatesSignal,
  DescriptionSignal,
  EndedBy,
  EndReason,
  LocalMediaState,
  MediaKind,
  MediaStateSignal,
  RemoteUser,
  Role,
  Talk,
} from "../types.ts";

/** What a call starts with. */
export interface CallInput {
  readonly callId: CallId;
  readonly role: Role;
  readonly remote: RemoteUser;
  readonly kind: MediaKind;
  readonly timers: CallTimers;
  /** The rest is a callee's: what the invitation brought. */
  readonly rev?: number;
  readonly offer?: DescriptionSignal;
  readonly candidates?: readonly CandidatesSignal[];
  readonly ringRemainingMs?: number;
  /** Later events of the same replay may end this call: do not alert before `server.caughtUp`. PROTOCOL row 24. */
  readonly replaying?: boolean;
  /** Accept by itself with this: a bot, or the loser of a glare whose person already asked to talk. */
  readonly autoAccept?: MediaKind;
  /** Answer while it rings, sending nothing. PROTOCOL 1.5. */
  readonly earlyAnswer?: boolean;
  readonly fingerprints?: readonly string[];
  /** What may be sent from the start. Default: what the call is for. */
  readonly sends?: Talk;
  /** What a reloaded page was in: the connection is built anew. PROTOCOL rows 26, 77. */
  readonly restored?: RestoredCall;
}

export interface RestoredCall {
  readonly phase: "ringing" | "active";
  /** The highest that was used. */
  readonly generation: number;
  /** What was sent before. Absent: what the call is for. */
  readonly media?: MediaStateSignal;
  readonly ticket?: string;
}

export interface CallContext {
  readonly callId: CallId;
  readonly role: Role;
  readonly remote: RemoteUser;
  /** What both ended up talking with, once accepted; what the caller asked for, before. */
  readonly kind: MediaKind;
  readonly timers: CallTimers;
  /** Highest `call_rev` seen in this epoch. */
  readonly rev: number;
  readonly ringRemainingMs: number;
  readonly replaying: boolean;
  readonly autoAccept: MediaKind | undefined;
  readonly earlyAnswer: boolean;
  readonly sends: CallInput["sends"];
  readonly restored: RestoredCall | undefined;
  readonly media: LocalMediaState;
  readonly mediaSettled: boolean;
  /** The callee's: the offer to answer. */
  readonly offer: DescriptionSignal | undefined;
  /** Own offer or answer, waiting to go with Invite or Accept. */
  readonly described: DescriptionSignal | undefined;
  /** The caller's: the answer that came while it rang. */
  readonly early: DescriptionSignal | undefined;
  /** Of the peer connection that is open, or was last. */
  readonly generation: number;
  /** What each side binds itself to. */
  readonly fingerprints: readonly string[] | undefined;
  readonly remoteFingerprints: readonly string[] | undefined;
  /** Own candidates of the first negotiation, kept to go with a repeated Invite or Accept. */
  readonly gathered: readonly CandidatesSignal[];
  /** The peer's candidates that came before the peer connection was opened. */
  readonly held: readonly CandidatesSignal[];
  readonly remoteMedia: MediaStateSignal | undefined;
  /** This side has put the call on hold. */
  readonly onHold: boolean;
  /** Own media state's counter. */
  readonly revision: number;
  readonly remoteReachable: boolean;
  readonly silenced: boolean;
  /** Clock reading of the first `peer.connected`. */
  readonly liveSince: number | undefined;
  readonly interruptions: number;
  /** The recovery was given its longer budget. */
  readonly extended: boolean;
  /** This recovery has built the connection anew. */
  readonly rebuilt: boolean;
  /** The newest proof of being a party. */
  readonly ticket: string | undefined;
  /** Its end was only a guess: a later Incoming of the same call rings. */
  readonly mayRingAgain: boolean;
  readonly ending: { readonly reason: EndReason; readonly by: EndedBy } | undefined;
}

/** What a finished call leaves behind. */
export interface CallOutput {
  readonly callId: CallId;
  readonly reason: EndReason;
  readonly by: EndedBy;
  readonly liveSince: number | undefined;
  readonly interruptions: number;
  readonly ticket?: string;
  readonly mayRingAgain?: true;
  /** It gave way to a new call of the same two. */
  readonly gaveWay?: Talk;
}

export function initialContext(input: CallInput): CallContext {
  return {
    callId: input.callId,
    role: input.role,
    remote: input.remote,
    kind: input.kind,
    timers: input.timers,
    rev: input.rev ?? 0,
    ringRemainingMs: input.ringRemainingMs ?? 0,
    replaying: input.replaying ?? false,
    autoAccept: input.autoAccept,
    earlyAnswer: input.earlyAnswer ?? false,
    sends: input.sends,
    restored: input.restored,
    media: { microphone: "off", camera: "off" },
    mediaSettled: false,
    offer: input.offer,
    described: undefined,
    early: undefined,
    generation: input.restored?.generation ?? input.offer?.generation ?? 1,
    fingerprints: undefined,
    remoteFingerprints: input.fingerprints,
    gathered: [],
    held: input.candidates ?? [],
    remoteMedia: undefined,
    onHold: input.restored?.media?.onHold ?? false,
    revision: input.restored?.media?.revision ?? 0,
    remoteReachable: true,
    silenced: false,
    liveSince: undefined,
    interruptions: 0,
    extended: false,
    rebuilt: false,
    ticket: input.restored?.ticket,
    mayRingAgain: false,
    ending: undefined,
  };
}

/** What is to be sent from the start: what was sent before a reload or a replacement, else what the call is for. */
export function wantedSources({ restored, sends, kind }: CallContext): {
  microphone: boolean;
  camera: boolean;
} {
  return {
    microphone: restored?.media?.microphone ?? (kind !== "data" && sends?.microphone !== false),
    camera: restored?.media?.camera ?? (kind === "video" && sends?.camera !== false),
  };
}

/** What goes on in the call that replaces this one. None on hold: a call that takes itself must not open the microphone. */
function talkOf({ ending, liveSince, onHold, kind, media }: CallContext): Talk | undefined {
  if (ending?.reason !== "replaced" || liveSince === undefined || onHold) return undefined;
  return { kind, microphone: media.microphone === "on", camera: media.camera === "on" };
}

export function outputOf(context: CallContext): CallOutput {
  const { callId, ending, liveSince, interruptions, ticket, mayRingAgain } = context;
  const gaveWay = talkOf(context);
  return {
    callId,
    reason: ending?.reason ?? "hung-up",
    by: ending?.by ?? "server",
    liveSince,
    interruptions,
    ...(ticket ? { ticket } : {}),
    ...(mayRingAgain ? { mayRingAgain } : {}),
    ...(gaveWay ? { gaveWay } : {}),
  };
}
