import { describe, expect, test } from "vitest";
import { type AnyStateNode, createActor, type InspectionEvent } from "xstate";
import { TestModel } from "xstate/graph";
import { createOracle } from "../docs/call-oracle.ts";
import { callInputs, callSituation, possibleCallEvents } from "../docs/call-samples.ts";
import type { CallMachineSnapshot } from "../view.ts";
import type { CallInput } from "./context.ts";
import type { CallEffect } from "./effects.ts";
import { type CallEvent, callTimerIds } from "./events.ts";
import { callMachine } from "./machine.ts";

let record: (effects: readonly CallEffect[]) => void = () => {};
const machine = callMachine.provide({ actions: { run: (_, effects) => record(effects) } });

/** Each transition that any walk took, for the last test. */
const taken = new Set<unknown>();

/** The events of a walk after its start, in order. */
function walksOf(input: CallInput): readonly (readonly CallEvent[])[] {
  const model = new TestModel<CallMachineSnapshot, CallEvent, CallInput>(callMachine, {
    input,
    events: (snapshot: CallMachineSnapshot) => Object.values(possibleCallEvents(snapshot)),
    filterEvents: (snapshot: CallMachineSnapshot, event: CallEvent) =>
      snapshot.status === "active" && snapshot.can(event),
    // A vertex is a situation and the edge that led there, so that edges back are walked too.
    serializeState: (
      snapshot: CallMachineSnapshot,
      event: CallEvent | undefined,
      from?: CallMachineSnapshot,
    ) => JSON.stringify([callSituation(snapshot), event && [from && callSituation(from), labelOf(event)]]),
    limit: 60_000,
  });
  return model.getShortestPaths().map(({ steps }) => steps.slice(1).map(({ event }) => event));
}

const counters = ["rev", "revision", "generation"];

/** Tells the sampled variants of one event apart, but not their counters. */
function labelOf(event: CallEvent): string {
  return JSON.stringify(event, (key, value) => (counters.includes(key) ? undefined : value));
}

function walk(input: CallInput, events: readonly CallEvent[]): void {
  const oracle = createOracle(input);
  const log: CallEffect[] = [];
  record = (effects) => log.push(...effects);
  const actor = createActor(machine, { input, inspect: noteTransitions });
  const check = (event: CallEvent | undefined) => {
    const problems = oracle(event, log.splice(0), actor.getSnapshot());
    const way = events.map(({ type }) => type).join(" → ");
    expect(problems, way).toEqual([]);
  };
  actor.start();
  check(undefined);
  for (const event of events) {
    actor.send(event);
    check(event);
  }
}

function noteTransitions(inspected: InspectionEvent): void {
  if (inspected.type !== "@xstate.microstep") return;
  for (const transition of inspected._transitions) taken.add(transition);
}

describe("every way through the chart, walked by a live actor", () => {
  test.each(Object.entries(callInputs))("as %s", (_, input) => {
    const walks = walksOf(input);
    expect(walks.length).toBeGreaterThan(100);
    for (const events of walks) walk(input, events);
  });

  test("takes 100 % of the chart's transitions", () => {
    const missing = transitionsOf(machine.root)
      .filter((transition) => !taken.has(transition))
      .map(
        ({ source, eventType, target, guard }) =>
          `${source.id} ${eventType} [${guardName(guard)}] ${target?.map(({ id }) => id)}`,
      );
    expect(missing).toEqual([]);
  });

  test("hears of every timer that it starts", () => {
    const heard = new Set<string>(machine.events);
    expect(callTimerIds.filter((id) => !heard.has(`timer.${id}`))).toEqual([]);
  });
});

function transitionsOf(node: AnyStateNode) {
  const own = [...node.transitions.values()].flat().concat(node.always ?? []);
  const children: AnyStateNode[] = Object.values(node.states);
  return [...own, ...children.flatMap((child): typeof own => transitionsOf(child))];
}

function guardName(guard: unknown): string {
  return typeof guard === "string" ? guard : guard ? "…" : "";
}
