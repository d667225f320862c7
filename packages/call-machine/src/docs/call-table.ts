import { initialTransition, transition } from "xstate";
import type { CallEffect } from "../call/effects.ts";
import { type CallEvent, callTimerIds } from "../call/events.ts";
import { callMachine } from "../call/machine.ts";
import type { CallMachineSnapshot } from "../view.ts";
import { callInputs, callSituation, possibleCallEvents } from "./call-samples.ts";
import type { Walkable } from "./transition-table.ts";

/** What the chart wants done: the `run` actions' parameters. */
export function effectsOf<Effect>(
  actions: readonly { readonly type: string; readonly params: unknown }[],
): readonly Effect[] {
  return actions.flatMap(({ type, params }) => (type === "run" ? (params as readonly Effect[]) : []));
}

export function startCall(
  input: (typeof callInputs)[string],
): readonly [CallMachineSnapshot, readonly CallEffect[]] {
  const [snapshot, actions] = initialTransition(callMachine, input);
  return [snapshot, effectsOf(actions)];
}

export function stepCall(
  snapshot: CallMachineSnapshot,
  event: CallEvent,
): readonly [CallMachineSnapshot, readonly CallEffect[]] {
  const [next, actions] = transition(callMachine, snapshot, event);
  return [next, effectsOf(actions)];
}

export const walkableCall: Walkable<CallMachineSnapshot, CallEvent, CallEffect> = {
  starts: Object.fromEntries(Object.entries(callInputs).map(([name, input]) => [name, startCall(input)])),
  events: possibleCallEvents,
  step: stepCall,
  situation: callSituation,
  isOver: ({ status }) => status === "done",
  words: (effects) => summed(effects.map(effectWords)),
};

/** Timers that stop together are one entry, and so is what always happens at the end. */
function summed(words: readonly string[]): readonly string[] {
  const everything = ["peer.close", "media.close", ...callTimerIds.map((id) => `timer.stop ${id}`)];
  const closing = words.indexOf("peer.close");
  if (closing >= 0 && words.slice(closing).join() === everything.join()) {
    return [...words.slice(0, closing), "close everything"];
  }
  return words;
}

function effectWords(effect: CallEffect): string {
  switch (effect.type) {
    case "signal":
      return `signal ${effect.command.type}${effect.command.type === "end" ? ` ${effect.command.reason}` : ""}`;
    case "peer.say":
      return `peer.say ${effect.signal.type}`;
    case "peer.apply":
      return `peer.apply ${effect.description.type}`;
    case "timer.start":
      return `timer.start ${effect.id} ${effect.afterMs} ms`;
    case "timer.stop":
      return `timer.stop ${effect.id}`;
    default:
      return effect.type;
  }
}
