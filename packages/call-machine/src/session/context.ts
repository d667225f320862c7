import type { LinkTrouble, SessionStopCode } from "../ports.ts";
import {
  type CallId,
  type CallTimers,
  defaultTimers,
  type EndedBy,
  type MediaKind,
  type Person,
  type RemoteUser,
  type Role,
  type Talk,
} from "../types.ts";

/** A call that is over here is remembered this long, newest first: its late signals must not bring it back. */
export const maxTombstones = 16;
/** An invitation that has less than this left is not worth a ring. PROTOCOL 2.6. */
export const minRingRemainingMs = 3_000;

export interface SessionInput {
  readonly user: string;
  /** How many calls at once; default 1. Bots may take more. */
  readonly capacity?: number;
  /** Accept incoming calls by itself: bots. At most this; less when the caller asks for less. */
  readonly autoAccept?: MediaKind;
  /** Make the connection while it rings, sending nothing: faster, and shows this endpoint's address. Default false. */
  readonly earlyAnswer?: boolean;
  /** Take up the calls that this endpoint was in before a reload. Default true; otherwise they are ended. */
  readonly restoresCalls?: boolean;
  readonly timers?: Partial<CallTimers>;
}

export interface LineEntry {
  readonly callId: CallId;
  readonly role: Role;
  readonly remote: RemoteUser;
  readonly kind: MediaKind;
  /**
   * The server has this outgoing call, or the callee took it: one from the same person that is heard of later does not
   * cross it any more.
   */
  readonly standing?: "known" | "answered";
}

export interface Tombstone {
  readonly callId: CallId;
  readonly by: EndedBy;
  /** It was turned away, and did not ring. */
  readonly busy?: true;
  /** It gave way to a new call, which goes on with this by itself. */
  readonly gaveWay?: Talk;
  readonly ticket?: string;
}

export interface SessionContext {
  readonly user: string;
  readonly capacity: number;
  readonly autoAccept: MediaKind | undefined;
  readonly earlyAnswer: boolean;
  readonly restoresCalls: boolean;
  readonly timers: CallTimers;
  /** The calls that have a machine, oldest first. */
  readonly calls: readonly LineEntry[];
  readonly tombstones: readonly Tombstone[];
  /** Calls that came too late to ring here, newest first: whether one was missed, its end tells. */
  readonly unrung: readonly LineEntry[];
  readonly people: Readonly<Record<string, Person>>;
  /** Events of the outage are still being applied. */
  readonly replaying: boolean;
  readonly stopped: { readonly code: SessionStopCode; readonly text: string } | undefined;
  /** Absent while the link is up, and until its first attempt has failed. */
  readonly trouble?: LinkTrouble | undefined;
}

export function initialSession(input: SessionInput): SessionContext {
  return {
    user: input.user,
    capacity: input.capacity ?? 1,
    autoAccept: input.autoAccept,
    earlyAnswer: input.earlyAnswer ?? false,
    restoresCalls: input.restoresCalls ?? true,
    timers: { ...defaultTimers, ...input.timers },
    calls: [],
    tombstones: [],
    unrung: [],
    people: {},
    replaying: true,
    stopped: undefined,
  };
}
