import { afterHello, carrierFor, elsewhere, probeDueAt } from "./carriage.ts";
import { onFailed, onGoAway, onSendFailed } from "./link-failure.ts";
import type { LinkContext, LinkInput, LinkState, LinkStep } from "./link-state.ts";
import {
  afterLife,
  also,
  closing,
  halt,
  isProbe,
  proceed,
  retry,
  tell,
  tellPlanned,
  withoutAttempt,
  withoutCurrent,
  withoutPlan,
} from "./link-steps.ts";
import { deadAt, isDead } from "./liveness.ts";
import type { SessionTiming } from "./timing.ts";
import { offline, reasonOf, unreachable } from "./trouble.ts";

/**
 * The connection of one endpoint as a pure function: what happened and what is now to be done. Total: an input that
 * does not fit the state changes nothing. PROTOCOL 2.2.
 */
export function link(state: LinkState, input: LinkInput, ctx: LinkContext): LinkStep {
  if (input.type === "start")
    return state.status === "idle" ? proceed({ ...state, status: "running" }, ctx) : [state, []];
  if (input.type === "stop") return onStop(state);
  if (input.type === "paced") return [onPaced(state, input.pace, ctx), []];
  if (input.type === "network") return onNetwork(state, input.online, ctx);
  if (input.type === "preferred") return onPreferred(state, input.poll, ctx);
  if (state.status !== "running") return [state, []];
  switch (input.type) {
    case "wake":
      return onWake(state, ctx);
    case "tick":
      return onTick(state, ctx);
    case "tokenReady":
      return state.plan.type === "authing" ? proceed(state, ctx) : [state, []];
    case "tokenFailed":
      return onTokenFailed(state, input, ctx);
    case "hello":
      return onHello(state, input.stream, ctx);
    case "heard":
      return [onHeard(state, input.stream, ctx), []];
    case "gap":
      return onGap(state, input, ctx);
    case "goAway":
      return onGoAway(state, input, ctx);
    case "failed":
      return onFailed(state, input.stream, input.error, ctx);
    case "sendFailed":
      return onSendFailed(state, input.error, ctx);
  }
}

/** When the link wants its next `tick`: a reading of the wall clock, or Infinity. */
export function linkDeadline(state: LinkState, timing: SessionTiming): number {
  const current = state.current
    ? deadAt({ ...state, lastByteAt: state.current.lastByteAt }, timing)
    : Number.POSITIVE_INFINITY;
  if (state.plan.type === "none") return Math.min(current, probeAt(state));
  return Math.min(current, state.plan.type === "offline" ? Number.POSITIVE_INFINITY : state.plan.until);
}

function probeAt({ current, carriage, pace }: LinkState): number {
  return current?.carrier === "poll" ? probeDueAt(carriage, pace === "busy") : Number.POSITIVE_INFINITY;
}

function onStop(state: LinkState): LinkStep {
  return [{ ...state, status: "stopped", current: undefined, plan: { type: "none" } }, closing(state)];
}

function onPaced(state: LinkState, pace: LinkState["pace"], ctx: LinkContext): LinkState {
  return state.pace === pace ? state : { ...state, pace, paceSince: ctx.now };
}

/** Offline: nothing is tried, what is open is read as long as it speaks. Online: another network, at once. */
function onNetwork(state: LinkState, online: boolean, ctx: LinkContext): LinkStep {
  if (online === state.online) return [state, []];
  if (online) {
    const found: LinkState = { ...state, online, carriage: elsewhere(state.carriage) };
    return state.status === "running" ? onWake(found, ctx) : [found, []];
  }
  const lost: LinkState = { ...state, online };
  if (state.plan.type === "none") return [lost, []];
  const commands =
    state.plan.type === "opening" ? [{ type: "close", stream: state.plan.stream } as const] : [];
  const idle = withoutPlan(lost);
  return [
    { ...idle, plan: { type: "offline" } },
    [...commands, ...tell(idle, Number.POSITIVE_INFINITY, offline)],
  ];
}

/** The replacement is opened beside the stream that is there. */
function onPreferred(state: LinkState, poll: boolean, ctx: LinkContext): LinkStep {
  const asked: LinkState = { ...state, carriage: { ...state.carriage, prefersPoll: poll } };
  if (!asked.current || asked.plan.type !== "none" || isAsWanted(asked, ctx)) return [asked, []];
  return proceed(asked, ctx);
}

/** The deadlines come first: a stream or an attempt that died in its sleep is replaced at once. */
function onWake(state: LinkState, ctx: LinkContext): LinkStep {
  const planned = state.plan.type === "offline" ? ({ type: "none" } as const) : state.plan;
  const fresh: LinkState = { ...state, failures: 0, online: true, plan: planned };
  const { current, plan } = fresh;
  if (current && isDead({ ...fresh, lastByteAt: current.lastByteAt }, ctx.now, ctx.timing)) {
    const lost = withoutPlan(withoutCurrent(fresh, ctx));
    return also(
      closing(fresh),
      retry(lost, ctx, { reason: unreachable("nothing was heard for too long"), eager: true }),
    );
  }
  if (plan.type === "authing") return [fresh, []];
  if (plan.type === "opening") {
    if (ctx.now - plan.since < ctx.timing.freshMs) return [fresh, []];
    return also([{ type: "close", stream: plan.stream }], proceed(withoutPlan(fresh), ctx));
  }
  if (current && (plan.type === "waiting" || ctx.now - current.since < ctx.timing.freshMs))
    return [fresh, []];
  return proceed(fresh, ctx);
}

function onTick(state: LinkState, ctx: LinkContext): LinkStep {
  const { current } = state;
  if (current && isDead({ ...state, lastByteAt: current.lastByteAt }, ctx.now, ctx.timing)) {
    return also([{ type: "close", stream: current.stream }], dead(state, ctx));
  }
  return onPlanTick(state, ctx);
}

function dead(state: LinkState, ctx: LinkContext): LinkStep {
  const lost = withoutCurrent(state, ctx);
  const reason = unreachable("nothing was heard for too long");
  if (lost.plan.type === "none") return retry(lost, ctx, { reason });
  return also(tellPlanned(lost, ctx, reason), onPlanTick(lost, ctx));
}

function onPlanTick(state: LinkState, ctx: LinkContext): LinkStep {
  const { plan } = state;
  if (plan.type === "none") return ctx.now >= probeAt(state) ? proceed(state, ctx) : [state, []];
  if (plan.type === "offline") return [state, []];
  if (ctx.now < plan.until) return [state, []];
  if (plan.type === "waiting") return proceed(state, ctx);
  if (plan.type === "authing")
    return retry(state, ctx, { reason: { code: "no-token", cause: "getToken did not answer in time" } });
  const { carrier } = plan;
  const given = withoutAttempt(state, { carrier, mute: true }, ctx);
  const close = { type: "close", stream: plan.stream } as const;
  if (isProbe(state, carrier)) return also([close], proceed(given, ctx));
  return also([close], retry(given, ctx, { reason: unreachable("no hello came in time") }));
}

/** `unauthenticated` is the application's last word, `bad-user` the server's; anything else is tried again. */
function onTokenFailed(
  state: LinkState,
  { error }: Extract<LinkInput, { type: "tokenFailed" }>,
  ctx: LinkContext,
): LinkStep {
  if (error.code === "unauthenticated") return halt(state, "unauthenticated", error.message, "no-token");
  if (error.code === "bad-user") return halt(state, "bad-user", error.message);
  if (state.plan.type !== "authing") return [state, []];
  return retry(state, ctx, { reason: reasonOf(error) });
}

function onHello(state: LinkState, stream: number, ctx: LinkContext): LinkStep {
  if (state.plan.type !== "opening" || state.plan.stream !== stream) return [state, []];
  const { carrier } = state.plan;
  const current = { stream, carrier, since: ctx.now, lastByteAt: ctx.now };
  const live: LinkState = {
    ...state,
    current,
    plan: { type: "none" },
    useCursor: true,
    carriage: afterHello(state.carriage, carrier, ctx.now, ctx.timing),
    everLive: true,
  };
  const superseded = state.current ? [{ type: "close" as const, stream: state.current.stream }] : [];
  return isAsWanted(live, ctx) ? [live, superseded] : also(superseded, proceed(live, ctx));
}

/** What is wanted may have changed while the attempt was under way. PROTOCOL 2.7 row 66. */
function isAsWanted({ current, carriage, pace }: LinkState, ctx: LinkContext): boolean {
  return !current || carrierFor(carriage, ctx.now, pace === "busy") === current.carrier;
}

function onHeard(state: LinkState, stream: number, ctx: LinkContext): LinkState {
  if (state.current?.stream !== stream) return state;
  const livedMs = ctx.now - state.current.since;
  return { ...afterLife(state, livedMs, ctx), current: { ...state.current, lastByteAt: ctx.now } };
}

/** Something between was lost, or the stream makes no sense: resume. PROTOCOL 1.2 step 4. */
function onGap(
  state: LinkState,
  { stream, useCursor }: Extract<LinkInput, { type: "gap" }>,
  ctx: LinkContext,
): LinkStep {
  if (state.current?.stream !== stream) return [state, []];
  const lost = { ...withoutCurrent(state, ctx), useCursor };
  const close = { type: "close", stream } as const;
  const reason = unreachable("events were lost");
  if (lost.plan.type !== "none") return [lost, [close, ...tellPlanned(lost, ctx, reason)]];
  return also([close], retry(lost, ctx, { reason, eager: true }));
}
