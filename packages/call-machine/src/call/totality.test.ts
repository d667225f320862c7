import { expect, test } from "vitest";
import { createActor } from "xstate";
import { callEvents, callInputs } from "../docs/call-samples.ts";
import { stepCall, walkableCall } from "../docs/call-table.ts";
import { reachable } from "../docs/transition-table.ts";
import type { CallMachineSnapshot } from "../view.ts";
import type { CallEvent } from "./events.ts";
import { callMachine } from "./machine.ts";

/** A bound on what one event can ask for: the end stops every timer twice at most. */
const maxEffects = 24;

const situations = Object.entries(walkableCall.starts).flatMap(([name, [first]]) =>
  [...reachable(walkableCall, first)].map(([situation, snapshot]) => ({
    name: `${name}: ${situation}`,
    snapshot,
  })),
);

function throughJson(snapshot: CallMachineSnapshot): CallMachineSnapshot {
  const persisted = JSON.stringify(callMachine.getPersistedSnapshot(snapshot));
  return createActor(callMachine, {
    snapshot: JSON.parse(persisted),
    input: inputOf(snapshot),
  }).getSnapshot();
}

function inputOf({ context: { role } }: CallMachineSnapshot) {
  const input = callInputs[role];
  if (!input) throw new Error(`no sample input for the ${role}`);
  return input;
}

test("invariant 27: every event in every reachable state is taken, and asks for little", () => {
  for (const { name, snapshot } of situations) {
    for (const [label, event] of Object.entries(callEvents(snapshot))) {
      const [next, effects] = stepCall(snapshot, event);
      expect(["active", "done"], `${name}, ${label}`).toContain(next.status);
      expect(effects.length, `${name}, ${label}`).toBeLessThanOrEqual(maxEffects);
    }
  }
});

test("invariant 27: an event of a newer version changes nothing", () => {
  for (const { name, snapshot } of situations) {
    const [next, effects] = stepCall(snapshot, {
      type: "remote.fromTheFuture",
      rev: 99,
    } as unknown as CallEvent);
    expect([walkableCall.situation(next), effects], name).toEqual([walkableCall.situation(snapshot), []]);
  }
});

test("invariant 3: nothing leads out of the end", () => {
  for (const { name, snapshot } of situations.filter(({ snapshot: { status } }) => status === "done")) {
    for (const event of Object.values(callEvents(snapshot))) {
      expect(stepCall(snapshot, event), name).toEqual([snapshot, []]);
    }
  }
});

test("invariant 28: a snapshot that went through JSON behaves as the one that did not", () => {
  for (const { name, snapshot } of situations) {
    const restored = throughJson(snapshot);
    for (const [label, event] of Object.entries(callEvents(snapshot))) {
      const [next, effects] = stepCall(snapshot, event);
      const [again, sameEffects] = stepCall(restored, event);
      expect([again.value, again.context, again.output, sameEffects], `${name}, ${label}`).toEqual([
        next.value,
        next.context,
        next.output,
        effects,
      ]);
    }
  }
});
