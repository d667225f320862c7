import { create } from "@bufbuild/protobuf";
import type { CallHealth } from "@peerline/call-machine";
import { fromHex, toHex } from "@peerline/call-machine/wire";
import {
  type CommandResult,
  ErrorCode,
  type Event,
  type Heartbeat,
  HeartbeatSchema,
  type SendRequest,
} from "@peerline/protocol";
import { type Acks, ackAt, afterAcked, afterApplied, noAcks } from "./acks.ts";
import { backoffMs } from "./backoff.ts";
import {
  emptyOutbox,
  faulted,
  type Outbox,
  type Outcome,
  rebase,
  refused,
  resume,
  rewind,
  settle,
  withEnded,
} from "./outbox.ts";
import type { SignalingError } from "./signaling-error.ts";
import { defaultLimits, type SendLimits, type SessionTiming } from "./timing.ts";

/** What goes up and when. Replaced, never changed in place. PROTOCOL 1.3, 1.13. */
export interface Sending {
  readonly outbox: Outbox;
  readonly acks: Acks;
  /** Undefined before the first Hello. */
  readonly epoch: Uint8Array | undefined;
  readonly limits: SendLimits;
  readonly calls: readonly CallHealth[];
  readonly heartbeatAt: number;
  /** Requests that failed in a row. */
  readonly failures: number;
  readonly retryAt: number;
}

export const idleSending: Sending = {
  outbox: emptyOutbox,
  acks: noAcks,
  epoch: undefined,
  limits: defaultLimits,
  calls: [],
  heartbeatAt: 0,
  failures: 0,
  retryAt: 0,
};

/** Readings taken before a step. */
export interface SendingContext {
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
  /** The last offset applied. */
  readonly cursor: bigint;
  readonly timing: SessionTiming;
}

/** `sessionError`: a failure that concerns the whole session, not the request. */
export interface SendingStep {
  readonly sending: Sending;
  readonly outcomes: readonly Outcome[];
  readonly sessionError?: SignalingError;
}

/** What the server said in a Hello that matters here. */
export interface SendingHello {
  readonly epoch: Uint8Array;
  readonly sameEpoch: boolean;
  /** False: a snapshot that stands for everything up to `offset`. */
  readonly resumed: boolean;
  readonly offset: bigint;
  /** The highest client_seq that was executed in this epoch. */
  readonly lastSeq: bigint;
  readonly limits: SendLimits;
}

/** When the next request should leave: in the past means now, Infinity never. */
export function dueAt(sending: Sending, cursor: bigint, timing: SessionTiming): number {
  const { outbox, calls, acks } = sending;
  const commands = outbox.batch.length + outbox.queue.length > 0 ? 0 : Number.POSITIVE_INFINITY;
  const heartbeat = calls.length > 0 ? sending.heartbeatAt : Number.POSITIVE_INFINITY;
  return Math.max(sending.retryAt, Math.min(commands, heartbeat, ackAt(acks, cursor, timing)));
}

/** The leases to keep, with every request; nothing without a call. */
export function heartbeatOf(sending: Sending): Heartbeat | undefined {
  if (sending.calls.length === 0) return undefined;
  const calls = sending.calls.map(({ callId, mediaAlive }) => ({ callId: fromHex(callId), mediaAlive }));
  return create(HeartbeatSchema, { calls });
}

/** The first beat of a new call leaves at once. */
export function withCalls(sending: Sending, calls: readonly CallHealth[], now: number): Sending {
  const starts = sending.calls.length === 0 && calls.length > 0;
  return { ...sending, calls, heartbeatAt: starts ? now : sending.heartbeatAt };
}

/** A stream is up: the same epoch repeats what has no result, another one sorts out what may be repeated. */
export function afterHello(sending: Sending, hello: SendingHello): Sending {
  const outbox = hello.sameEpoch
    ? resume(sending.outbox, hello.lastSeq)
    : rebase(sending.outbox, hello.lastSeq);
  const acks = hello.resumed ? sending.acks : { acked: hello.offset, since: undefined };
  return { ...sending, outbox, acks, epoch: hello.epoch, limits: hello.limits, failures: 0, retryAt: 0 };
}

/** A mailbox event was applied: it is to be acknowledged, and it may say that a call is over. */
export function afterEvent(sending: Sending, { body, callId }: Event, now: number): Sending {
  const acks = afterApplied(sending.acks, now);
  const outbox = body.case === "ended" ? withEnded(sending.outbox, toHex(callId)) : sending.outbox;
  return { ...sending, acks, outbox };
}

/** The server answered. An answer that moves nothing forward is followed by a pause. */
export function afterResponse(
  sending: Sending,
  request: SendRequest,
  results: readonly CommandResult[],
  ctx: SendingContext,
): SendingStep {
  const [outbox, outcomes] = settle(sending.outbox, results);
  const stuck = request.commands.length > 0 && outbox === sending.outbox;
  const answered: Sending = {
    ...sending,
    outbox,
    acks: afterAcked(request.ackOffset, ctx.cursor, ctx.now),
    heartbeatAt: request.heartbeat ? ctx.now + ctx.timing.heartbeatMs : sending.heartbeatAt,
    failures: stuck ? sending.failures : 0,
  };
  return { sending: stuck ? paused(answered, 0, ctx) : answered, outcomes };
}

/** The request failed, or its answer was lost. PROTOCOL 1.10. */
export function afterError(
  sending: Sending,
  request: SendRequest,
  error: SignalingError,
  ctx: SendingContext,
): SendingStep {
  const carried = request.commands.length > 0;
  const late = carried ? sending : { ...sending, heartbeatAt: ctx.now + ctx.timing.heartbeatMs };
  const waiting = paused(late, error.retryAfterMs, ctx);
  if (concernsSession(error)) return { sending: waiting, outcomes: [], sessionError: error };
  if (!carried) return { sending: waiting, outcomes: [] };
  if (isRefusal(error)) {
    const code = error.detail?.code ?? ErrorCode.MALFORMED;
    const [outbox, outcomes] = refused(sending.outbox, code, error.message);
    return { sending: { ...sending, outbox }, outcomes };
  }
  if (error.code === "internal") {
    const [outbox, outcomes] = faulted(sending.outbox, error.message);
    return { sending: { ...waiting, outbox }, outcomes };
  }
  if (error.code === "out-of-order") {
    const outbox = rewind(sending.outbox, error.detail?.expectedSeq ?? 0n);
    const eager = outbox !== sending.outbox && sending.failures === 0;
    return { sending: { ...waiting, outbox, retryAt: eager ? 0 : waiting.retryAt }, outcomes: [] };
  }
  return { sending: waiting, outcomes: [] };
}

function paused(sending: Sending, afterMs: number, ctx: SendingContext): Sending {
  const pace = sending.calls.length > 0 ? "busy" : "idle";
  const delayMs = Math.max(afterMs, backoffMs(sending.failures, pace, ctx.random));
  return { ...sending, failures: sending.failures + 1, retryAt: ctx.now + delayMs };
}

/** What the link must know: it refreshes the token, asks for a snapshot, or stops. */
function concernsSession(error: SignalingError): boolean {
  if (error.code === "not-allowed") return error.detail?.code === ErrorCode.TOKEN_REVOKED;
  return (
    error.code === "unauthenticated" ||
    error.code === "session-lost" ||
    error.code === "superseded" ||
    error.code === "unsupported-version"
  );
}

function isRefusal(error: SignalingError): boolean {
  return error.code === "refused" || (error.code === "not-allowed" && error.detail !== undefined);
}
