import { ErrorCode } from "@peerline/protocol";
import { afterStream } from "./carriage.ts";
import type { CurrentStream, LinkContext, LinkInput, LinkState, LinkStep } from "./link-state.ts";
import {
  also,
  closing,
  halt,
  isProbe,
  proceed,
  retry,
  span,
  tell,
  tellPlanned,
  withoutAttempt,
  withoutCurrent,
  withoutPlan,
} from "./link-steps.ts";
import { SignalingError } from "./signaling-error.ts";
import { reasonOf, unreachable } from "./trouble.ts";

const moves = unreachable("server moves");

type GoAwayInput = Extract<LinkInput, { type: "goAway" }>;

/** What follows a failure of the newest stream, or of a Send that concerns the whole session. PROTOCOL 1.10. */
function afterFailure(state: LinkState, error: SignalingError, ctx: LinkContext): LinkStep {
  const certain = error.detail !== undefined || !state.everLive;
  switch (error.code) {
    case "unauthenticated":
      return unauthenticated(state, error, ctx);
    case "superseded":
      return halt(state, "superseded", error.message);
    case "unsupported-version":
      return halt(state, "unsupported-version", error.message);
    case "session-lost":
      return retry({ ...state, useCursor: false }, ctx, { reason: reasonOf(error), eager: true });
    case "not-allowed":
      if (certain) return halt(state, "not-allowed", error.message);
      break;
    case "refused":
    case "misconfigured":
      if (certain) return halt(state, "misconfigured", error.message);
      break;
  }
  return retry(state, ctx, { reason: reasonOf(error), afterMs: error.retryAfterMs });
}

/** Refused tokens in a row that are enough to know that the next one will be refused too. */
const refusalsAtFirst = 3;
/** A server that has taken one may be in trouble itself: these take about a quarter of a minute. */
const refusalsOnceLive = 8;

/** The first refused token is replaced at once, later ones after the backoff, and then no more. */
function unauthenticated(state: LinkState, error: SignalingError, ctx: LinkContext): LinkStep {
  const refused: LinkState = { ...state, refusals: state.refusals + 1 };
  const enough = state.everLive ? refusalsOnceLive : refusalsAtFirst;
  if (refused.refusals >= enough) return halt(refused, "unauthenticated", error.message);
  if (state.refusals > 0)
    return retry(refused, ctx, { reason: reasonOf(error), afterMs: error.retryAfterMs });
  return also(tell(state, 0, reasonOf(error)), proceed(refused, ctx));
}

/**
 * The end of one stream. Only the opening one and the current one matter. A server closes the old one as soon as the
 * new one reaches it, so an end while a replacement opens is no interruption yet.
 */
export function onFailed(
  state: LinkState,
  stream: number,
  error: SignalingError,
  ctx: LinkContext,
): LinkStep {
  if (state.plan.type === "opening" && state.plan.stream === stream) {
    const { carrier } = state.plan;
    const failed = withoutAttempt(state, { carrier, mute: false }, ctx);
    const again = isProbe(state, carrier) && isTransient(error);
    return again ? proceed(failed, ctx) : afterFailure(failed, error, ctx);
  }
  if (state.current?.stream !== stream) return [state, []];
  const lost = withoutCurrent(judged(state, state.current, error, ctx), ctx);
  if (state.plan.type === "none") return afterFailure(lost, error, ctx);
  if (error.code === "superseded" && state.plan.type === "waiting")
    return halt(lost, "superseded", error.message);
  if (state.plan.type === "opening") return [lost, []];
  return [lost, tellPlanned(lost, ctx, reasonOf(error))];
}

/** What the end of a stream says about streaming on this network. */
function judged(
  state: LinkState,
  current: CurrentStream,
  error: SignalingError,
  ctx: LinkContext,
): LinkState {
  if (current.carrier === "poll") return state;
  const life = { livedMs: ctx.now - current.since, broken: isTransient(error) && !error.detail };
  return { ...state, carriage: afterStream(state.carriage, life, ctx.timing) };
}

function isTransient({ code }: SignalingError): boolean {
  return code === "unavailable" || code === "wrong-server" || code === "internal" || code === "rate-limited";
}

/** The epoch or the endpoint is unknown to the server: everything open is worthless, a snapshot is needed. */
export function onSendFailed(state: LinkState, error: SignalingError, ctx: LinkContext): LinkStep {
  const cleared = withoutPlan(withoutCurrent(state, ctx));
  return also(closing(state), afterFailure(cleared, error, ctx));
}

/** PROTOCOL 1.13, drain: the old stream is read on until the new one has said hello. */
export function onGoAway(state: LinkState, input: GoAwayInput, ctx: LinkContext): LinkStep {
  const opening = state.plan.type === "opening" && state.plan.stream === input.stream;
  if (!opening && state.current?.stream !== input.stream) return [state, []];
  if (input.action === "stop") return onStopOrder(state, input, opening, ctx);
  const useCursor = input.action === "restart" ? false : state.useCursor;
  if (!opening && state.plan.type !== "none") return [{ ...state, useCursor }, []];
  const commands = opening ? ([{ type: "close", stream: input.stream }] as const) : [];
  const moved: LinkState = { ...withoutPlan(state), useCursor };
  const { afterMs } = input;
  const livedMs = opening || !state.current ? 0 : ctx.now - state.current.since;
  // A server that sends everyone away at once would be asked again and again without a pause.
  if (livedMs < ctx.timing.resetAfterMs) {
    return also(commands, retry(moved, ctx, { reason: moves, afterMs, eager: true }));
  }
  if (afterMs === 0) return proceed(moved, ctx);
  return [{ ...moved, plan: { type: "waiting", ...span(ctx, afterMs) } }, []];
}

function onStopOrder(state: LinkState, input: GoAwayInput, opening: boolean, ctx: LinkContext): LinkStep {
  if (input.reason === ErrorCode.SUPERSEDED) {
    const ownNewer = !opening && state.plan.type === "opening";
    if (ownNewer) return [state, []];
    return halt(state, "superseded", "GoAway");
  }
  if (input.reason === ErrorCode.UNSUPPORTED_VERSION) return halt(state, "unsupported-version");
  if (input.reason === ErrorCode.TOKEN_EXPIRED) {
    return onSendFailed(state, new SignalingError("unauthenticated", "the server refused the token"), ctx);
  }
  return halt(state, input.reason === ErrorCode.UNSPECIFIED ? "signed-out" : "not-allowed");
}
