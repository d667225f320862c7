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
  readonly media: LocalMediaState;
  readonly mediaSettled: boolean;
  /** The callee's: the offer to answer. */
  readonly offer: DescriptionSignal | undefined;
  /** Own offer or answer, waiting to go with Invite or Accept. */
  readonly described: DescriptionSignal | undefined;
  /** Own candidates of the first negotiation, kept to go with a repeated Invite or Accept. */
  readonly gathered: readonly CandidatesSignal[];
  /** The peer's candidates that came before the peer connection was opened. */
  readonly held: readonly CandidatesSignal[];
  readonly remoteMedia: MediaStateSignal | undefined;
  /** Own media state's counter. */
  readonly revision: number;
  readonly remoteReachable: boolean;
  readonly silenced: boolean;
  /** Clock reading of the first `peer.connected`. */
  readonly liveSince: number | undefined;
  readonly interruptions: number;
  /** The recovery was given its longer budget. */
  readonly extended: boolean;
  /** The newest proof of being a party. */
  readonly ticket: string | undefined;
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
    media: { microphone: "off", camera: "off" },
    mediaSettled: false,
    offer: input.offer,
    described: undefined,
    gathered: [],
    held: input.candidates ?? [],
    remoteMedia: undefined,
    revision: 0,
    remoteReachable: true,
    silenced: false,
    liveSince: undefined,
    interruptions: 0,
    extended: false,
    ticket: undefined,
    ending: undefined,
  };
}
