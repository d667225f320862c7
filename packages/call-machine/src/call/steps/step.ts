import type { CallContext } from "../context.ts";
import type { CallCommand, CallEffect } from "../effects.ts";
import type { CallEvent } from "../events.ts";

/** What a step is made from: the context after the actions before it, and the event. */
export interface Situation {
  readonly context: CallContext;
  readonly event: CallEvent;
}

/** An action of the chart that has effects. */
export function run(make: (situation: Situation) => readonly CallEffect[]) {
  return { type: "run" as const, params: make };
}

/** One whose effects are commands to the server. */
export function signal(make: (situation: Situation) => readonly CallCommand[]) {
  return run((situation) => make(situation).map((command) => ({ type: "signal", command })));
}
