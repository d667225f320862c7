import { type CallRecord, isAbandoned, type Recall, recall, roleOf } from "@peerline/call-machine/record";
import type { ServerLimits } from "../config/config.ts";
import { ServerError } from "../errors/server-error.ts";
import type { RingPolicy } from "../session/user-entry.ts";
import { type CallEntry, isHolding } from "./call-entry.ts";
import { isUserTalking, talksIn } from "./load.ts";

export interface CalleeSituation {
  readonly user: string;
  readonly live: readonly CallEntry[];
  /** Every endpoint that would ring answers by itself. */
  readonly bot: boolean;
}

/**
 * Whether the callee takes no further call: because of talk alone, see `roomFor`. A bot takes several at once. An abandoned call
 * counts for nothing. PROTOCOL 1.5 Busy, 1.11.
 */
export function isBusy({ user, live, bot }: CalleeSituation, limits: ServerLimits): boolean {
  const kept = live.filter(({ record, unreachable = [] }) => !isAbandoned(record, unreachable));
  return bot ? kept.length >= limits.callsPerBot : kept.some(({ record }) => isUserTalking(record, user));
}

/** The ringing call from the callee to the caller, if there is one. PROTOCOL 1.5 Glare. */
export function crossingCall(
  live: readonly CallRecord[],
  caller: string,
  calleeUser: string,
): CallRecord | undefined {
  if (caller === calleeUser) return undefined;
  return live.find(
    (record) =>
      record.phase === "ringing" && record.caller.user === calleeUser && record.calleeUser === caller,
  );
}

/** Whether the endpoint could accept the crossing call instead of placing its own. */
export function canTake(crossing: CallRecord, key: string): boolean {
  return roleOf(crossing, key) === "callee";
}

/** What an Invite says of its sender, and of the call that it is to replace. */
export interface Placing {
  readonly key: string;
  readonly user: string;
  readonly policy: RingPolicy;
  readonly calleeUser: string;
  /** Hex, or empty. */
  readonly replaces: string;
  /** Present mailbox epoch of the endpoint. */
  readonly epoch: string | undefined;
  /** The callee does not want this caller, so no call with them is touched. */
  readonly silent: boolean;
}

/** A call that gives way to a new one. */
export interface Recalled {
  readonly entry: CallEntry;
  readonly to: Recall;
}

/** The calls among the caller's own that give way to the new one. One on hold is in nobody's way. PROTOCOL 1.5 Recall. */
export function recalledCalls(live: readonly CallEntry[], placing: Placing): readonly Recalled[] {
  const { key, user, policy, calleeUser, replaces, epoch } = placing;
  const program = policy === "auto-answer";
  return live.flatMap((entry) => {
    const { record, unreachable = [], lives = {} } = entry;
    const restarted = lives[key] !== epoch && !isHolding(entry, key);
    if (placing.silent && !restarted) return [];
    const named = record.callId === replaces;
    const to = recall(record, { key, user, calleeUser, program, unreachable, named, restarted });
    return to ? [{ entry, to }] : [];
  });
}

/** Throws when this endpoint may not place a call now. PROTOCOL 1.11, 2.7 row 20. */
export function assertMayPlace(live: readonly CallEntry[], key: string, policy: RingPolicy): void {
  if (policy === "auto-answer") return;
  if (live.some((entry) => talksIn(entry, key))) {
    throw new ServerError(
      "not-allowed",
      "This endpoint is in a call. End that call before placing another one.",
    );
  }
  if (live.some(({ record }) => record.phase === "ringing" && record.caller.key === key)) {
    throw new ServerError(
      "rate-limited",
      "This endpoint already has an outgoing call that rings. End it, or wait until it ends, before placing another one.",
      { retryAfterMs: retryPlacingMs },
    );
  }
}

const retryPlacingMs = 1000;
