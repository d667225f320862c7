import { type AnyStateMachine, type AnyStateNode, initialTransition, transition } from "xstate";
import type { CallEffect } from "../call/effects.ts";
import type { CallEvent, CallTimerId } from "../call/events.ts";
import { callMachine } from "../call/machine.ts";
import type { CallMachineSnapshot } from "../view.ts";
import { callInputs, callSituation, possibleCallEvents } from "./call-samples.ts";
import { effectsOf } from "./call-table.ts";

/** A timer of the chart and how long it runs: the least and the most that was seen. */
export interface ChartDeadline {
  readonly timer: CallTimerId;
  readonly leastMs: number;
  readonly mostMs: number;
}

/** One state in which a chart rests, and what ends the wait there whatever the outside does. */
export interface StateWait {
  /** Its path: `outgoing.preparing`. */
  readonly state: string;
  /** Timers that run there and change something when they fire. */
  readonly deadlines: readonly ChartDeadline[];
  /** True: there is a situation in this state in which no such timer runs. */
  readonly isOpen: boolean;
}

interface Situation {
  readonly snapshot: CallMachineSnapshot;
  readonly running: ReadonlyMap<CallTimerId, number>;
}

/** The states of a chart in which it rests: those without states of their own that are not left at once. */
export function restingStates({ root }: AnyStateMachine): readonly string[] {
  return leavesOf(root)
    .filter((node) => node.type === "atomic" && !(node.always ?? []).some(({ guard }) => guard === undefined))
    .map(({ path }) => path.join("."));
}

/**
 * What the shipped call chart waits for, found by walking it: every event that can come about in each situation, timers only
 * while they run. A state that no walk reaches is open.
 */
export function callWaits(machine: typeof callMachine = callMachine): readonly StateWait[] {
  const found = new Map<string, { open: boolean; seen: Map<CallTimerId, number[]> }>();
  for (const situation of walk(machine)) {
    const state = pathOf(situation.snapshot.value);
    const wait = found.get(state) ?? { open: false, seen: new Map() };
    const biting = [...situation.running].filter(([id]) => bites(machine, situation, id));
    for (const [id, ms] of biting) wait.seen.set(id, [...(wait.seen.get(id) ?? []), ms]);
    found.set(state, { ...wait, open: wait.open || biting.length === 0 });
  }
  return restingStates(machine).map((state) => {
    const wait = found.get(state);
    const deadlines = [...(wait?.seen ?? [])].map(([timer, all]) => ({
      timer,
      leastMs: Math.min(...all),
      mostMs: Math.max(...all),
    }));
    return { state, deadlines, isOpen: wait?.open ?? true };
  });
}

function walk(machine: typeof callMachine): readonly Situation[] {
  const seen = new Map<string, Situation>();
  const visit = (situation: Situation): void => {
    if (situation.snapshot.status !== "done")
      seen.set(keyOf(situation), seen.get(keyOf(situation)) ?? situation);
  };
  for (const input of Object.values(callInputs)) {
    const [snapshot, actions] = initialTransition(machine, input);
    visit({ snapshot, running: after(new Map(), effectsOf(actions)) });
  }
  for (const situation of seen.values()) {
    for (const event of eventsIn(situation)) visit(step(machine, situation, event)[0]);
  }
  return [...seen.values()];
}

function eventsIn({ snapshot, running }: Situation): readonly CallEvent[] {
  const events = Object.values(possibleCallEvents(snapshot)).filter(({ type }) => !type.startsWith("timer."));
  return [...events, ...[...running.keys()].map((id) => ({ type: `timer.${id}` }) as const)];
}

function step(
  machine: typeof callMachine,
  { snapshot, running }: Situation,
  event: CallEvent,
): readonly [Situation, readonly CallEffect[]] {
  const [next, actions] = transition(machine, snapshot, event);
  const effects = effectsOf<CallEffect>(actions);
  const left = new Map([...running].filter(([id]) => event.type !== `timer.${id}`));
  return [{ snapshot: next, running: after(left, effects) }, effects];
}

function bites(machine: typeof callMachine, situation: Situation, id: CallTimerId): boolean {
  const [next, effects] = step(machine, situation, { type: `timer.${id}` });
  return effects.length > 0 || callSituation(next.snapshot) !== callSituation(situation.snapshot);
}

function after(
  running: ReadonlyMap<CallTimerId, number>,
  effects: readonly CallEffect[],
): ReadonlyMap<CallTimerId, number> {
  const left = new Map(running);
  for (const effect of effects) {
    if (effect.type === "timer.start") left.set(effect.id, effect.afterMs);
    if (effect.type === "timer.stop") left.delete(effect.id);
  }
  return left;
}

function keyOf({ snapshot, running }: Situation): string {
  const timers = [...running].map((timer) => timer.join(":")).sort();
  return [callSituation(snapshot), pathOf(snapshot.value), ...timers].join(" ");
}

function leavesOf(node: AnyStateNode): readonly AnyStateNode[] {
  const children = Object.values(node.states);
  return children.length === 0 ? [node] : children.flatMap(leavesOf);
}

function pathOf(value: CallMachineSnapshot["value"] | string): string {
  if (typeof value === "string") return value;
  const [[parent, child] = ["", ""]] = Object.entries(value);
  return child === undefined ? parent : `${parent}.${pathOf(child)}`;
}
