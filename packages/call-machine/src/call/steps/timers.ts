import type { CallContext } from "../context.ts";
import type { CallTimerId } from "../events.ts";
import { run } from "./step.ts";

export function start(...ids: CallTimerId[]) {
  return run(({ context }) =>
    ids.map((id) => ({ type: "timer.start" as const, id, afterMs: durations[id](context) })),
  );
}

export function stop(...ids: CallTimerId[]) {
  return run(() => ids.map((id) => ({ type: "timer.stop" as const, id })));
}

/** An ICE restart that failed, and was not only without news. */
export const restartSoon = run(({ context }) => [
  { type: "timer.start", id: "restart", afterMs: context.timers.retryMs },
]);

const durations: Record<CallTimerId, (context: CallContext) => number> = {
  result: ({ timers }) => timers.resultMs,
  ring: ({ ringRemainingMs, timers }) => ringRemainingMs + timers.ringGuardMs,
  connectHalf: ({ timers }) => timers.connectHalfMs,
  connect: ({ timers }) => timers.connectMs,
  interrupted: ({ timers }) => timers.interruptedMs,
  restart: ({ timers }) => timers.restartMs,
  renew: ({ timers }) => timers.renewMs,
  recover: ({ timers, extended }) => (extended ? timers.recoverLongMs - timers.recoverMs : timers.recoverMs),
  window: ({ timers }) => timers.windowMs,
};
