import type { LinkTroubleCode, SessionStopCode } from "@peerline/call-machine";
import { backoffMs, failuresAfter } from "./backoff.ts";
import { afterAttempt, type Carrier, carrierFor } from "./carriage.ts";
import type { LinkCommand, LinkContext, LinkState, LinkStep } from "./link-state.ts";
import { offline, type Reason } from "./trouble.ts";

/** Opens the next stream, or gets the token for it first. */
export function proceed(state: LinkState, ctx: LinkContext): LinkStep {
  if (!state.online) return [{ ...state, plan: { type: "offline" } }, []];
  if (!ctx.tokenUsable) {
    return [
      { ...state, plan: { type: "authing", ...span(ctx, ctx.timing.tokenMs) } },
      [{ type: "getToken" }],
    ];
  }
  const stream = state.streams + 1;
  const carrier = carrierFor(state.carriage, ctx.now, state.pace === "busy");
  const plan = { type: "opening", stream, carrier, ...span(ctx, ctx.timing.helloMs) } as const;
  return [
    { ...state, streams: stream, plan },
    [{ type: "open", stream, carrier, attempt: state.failures, useCursor: state.useCursor }],
  ];
}

export interface Retry {
  readonly reason: Reason;
  /** The server's shortest wait. */
  readonly afterMs?: number;
  /** The first failure in a row is followed at once. */
  readonly eager?: boolean;
}

/** Counts a failure and plans the next attempt after the backoff of PROTOCOL 1.13. */
export function retry(
  state: LinkState,
  ctx: LinkContext,
  { reason, afterMs = 0, eager = false }: Retry,
): LinkStep {
  const backoff = eager && state.failures === 0 ? 0 : backoffMs(state.failures, state.pace, ctx.random);
  const delayMs = Math.max(afterMs, backoff);
  const failed: LinkState = { ...state, failures: state.failures + 1 };
  if (!state.online) return also(tell(state, Number.POSITIVE_INFINITY, offline), proceed(failed, ctx));
  const told = tell(state, delayMs, reason);
  if (delayMs === 0) return also(told, proceed(failed, ctx));
  return [{ ...failed, plan: { type: "waiting", ...span(ctx, delayMs) } }, told];
}

/** From now on for `lengthMs`. */
export function span(ctx: LinkContext, lengthMs: number): { readonly since: number; readonly until: number } {
  return { since: ctx.now, until: ctx.now + lengthMs };
}

/** The interruption, unless a current stream still delivers. */
export function tell(state: LinkState, retryInMs: number, reason: Reason): readonly LinkCommand[] {
  return state.current === undefined ? [{ type: "interrupted", retryInMs, reason }] : [];
}

/** The interruption when the next stream is planned already: no network, the end of a wait, or at once. */
export function tellPlanned(state: LinkState, ctx: LinkContext, reason: Reason): readonly LinkCommand[] {
  if (state.plan.type === "offline") return tell(state, Number.POSITIVE_INFINITY, offline);
  const until = state.plan.type === "waiting" ? state.plan.until : ctx.now;
  return tell(state, Math.max(0, until - ctx.now), reason);
}

/** Puts commands before those of a step. */
export function also(commands: readonly LinkCommand[], [state, more]: LinkStep): LinkStep {
  return [state, [...commands, ...more]];
}

/** The state without its current stream; a long life forgives the failures before it. */
export function withoutCurrent(state: LinkState, ctx: LinkContext): LinkState {
  if (state.current === undefined) return state;
  return { ...afterLife(state, ctx.now - state.current.since, ctx), current: undefined };
}

/** What still counts of the failures and refusals before a stream that has lived for `livedMs`. */
export function afterLife(state: LinkState, livedMs: number, ctx: LinkContext): LinkState {
  const { failures, refusals } = state;
  const counted = (count: number) => failuresAfter(count, livedMs, ctx.timing.resetAfterMs);
  return { ...state, failures: counted(failures), refusals: counted(refusals) };
}

/** The attempt under way ended without a hello. `mute`: nothing was heard of it at all. */
export function withoutAttempt(
  state: LinkState,
  attempt: { readonly carrier: Carrier; readonly mute: boolean },
  ctx: LinkContext,
): LinkState {
  const carriage = afterAttempt(state.carriage, attempt, ctx.now, ctx.timing);
  return { ...state, carriage, plan: { type: "none" } };
}

/** An attempt by `carrier` tries a stream while the session polls. */
export function isProbe({ current, carriage }: LinkState, carrier: Carrier): boolean {
  return carriage.fallback === "on" && current?.carrier === "poll" && carrier === "stream";
}

/** Forgets the attempt under way. */
export function withoutPlan(state: LinkState): LinkState {
  return { ...state, plan: { type: "none" } };
}

/** Closes whatever streams are open. */
export function closing(state: LinkState): readonly LinkCommand[] {
  const streams: number[] = [];
  if (state.current) streams.push(state.current.stream);
  if (state.plan.type === "opening") streams.push(state.plan.stream);
  return streams.map((stream) => ({ type: "close", stream }));
}

const fixes: Record<Exclude<SessionStopCode, "closed">, string> = {
  "signed-out": "The server ended this session. Sign in again to go on.",
  superseded: "Another tab or process uses this endpoint. Go on there, or reload here to take over.",
  "not-allowed": "The server does not allow this account. Ask whoever runs the server.",
  "unsupported-version": "This client and the server share no protocol version. Update the older of the two.",
  unauthenticated: "There is no valid token. Sign in again.",
  misconfigured:
    "The server does not understand this client. Check the server's address and the endpoint's id.",
  "bad-user": "The server takes no such name. Sign in with another one.",
};

/** The end: every stream is closed, `text` names the fix and then what the server said. */
export function halt(
  state: LinkState,
  code: keyof typeof fixes,
  said = "",
  trouble?: LinkTroubleCode,
): LinkStep {
  const text = said === "" ? fixes[code] : `${fixes[code]} (${said})`;
  const stopped: LinkState = { ...state, status: "stopped", current: undefined, plan: { type: "none" } };
  return [stopped, [...closing(state), { type: "stopped", code, text, ...(trouble && { trouble }) }]];
}
