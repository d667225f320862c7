import { expect, test } from "vitest";
import { createActor } from "xstate";
import { lineSituation, sessionEvents, stepLine, walkableLine } from "../docs/session-samples.ts";
import type { SessionMachineSnapshot } from "../view.ts";
import { sessionMachine } from "./machine.ts";

/** The named situations, and whatever one event makes of them. */
const situations = Object.values(walkableLine.starts).flatMap(([snapshot]) => [
  snapshot,
  ...Object.values(sessionEvents).map((event) => stepLine(snapshot, event)[0]),
]);

test("invariant 27: every event is taken in every situation", () => {
  for (const snapshot of situations) {
    for (const [label, event] of Object.entries(sessionEvents)) {
      expect(stepLine(snapshot, event)[0].status, `${lineSituation(snapshot)}, ${label}`).toBe("active");
    }
  }
});

test("invariant 18: a line is never longer than its capacity, and the tombstones are bounded", () => {
  for (const { context } of situations) {
    expect(context.calls.length).toBeLessThanOrEqual(context.capacity);
    expect(context.tombstones.length).toBeLessThanOrEqual(16);
  }
});

test("invariant 28: a snapshot that went through JSON behaves as the one that did not", () => {
  for (const snapshot of situations) {
    const restored = throughJson(snapshot);
    for (const [label, event] of Object.entries(sessionEvents)) {
      const [next, effects] = stepLine(snapshot, event);
      const [again, sameEffects] = stepLine(restored, event);
      expect([again.value, again.context, sameEffects], label).toEqual([next.value, next.context, effects]);
    }
  }
});

function throughJson(snapshot: SessionMachineSnapshot): SessionMachineSnapshot {
  const persisted = JSON.stringify(sessionMachine.getPersistedSnapshot(snapshot));
  return createActor(sessionMachine, {
    snapshot: JSON.parse(persisted),
    input: { user: "ana" },
  }).getSnapshot();
}
