import type { Clock } from "@peerline/call-machine";
import type { PeerlineView } from "@peerline/client";
import type { FaultSwitches } from "@peerline/client/faults";
import { expect, test } from "vitest";
import { parseFaultPlan } from "./fault-plan.ts";
import { runFaults } from "./run-faults.ts";

/** A clock that runs what is due when it is moved. */
function movableClock(): Clock & { moveTo(at: number): void; readonly waiting: () => number } {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    now: () => now,
    setTimer(at, run) {
      const timer = { at, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    moveTo(at) {
      now = at;
      for (const timer of [...timers].filter((due) => due.at <= now)) {
        timers.delete(timer);
        timer.run();
      }
    },
    waiting: () => timers.size,
  };
}

function start(text: string) {
  const clock = movableClock();
  const worked: unknown[] = [];
  const reported: unknown[] = [];
  let listener: ((view: PeerlineView) => void) | undefined;
  const switches: Pick<FaultSwitches, "trigger" | "set"> = {
    trigger: (fault) => worked.push([clock.now(), fault]),
    set: (fault, on) => worked.push([clock.now(), fault, on]),
  };
  const show = (...phases: readonly string[]) =>
    listener?.({ calls: phases.map((phase) => ({ phase })) } as unknown as PeerlineView);
  const peerline = {
    view: () => ({}) as PeerlineView,
    subscribe(next: (view: PeerlineView) => void) {
      listener = next;
      return () => {
        listener = undefined;
      };
    },
  };
  const stop = runFaults(parseFaultPlan(text), peerline, {
    clock,
    switches: switches as FaultSwitches,
    report: (event, fields) => reported.push([event, fields]),
  });
  return { clock, worked, reported, show, stop };
}

test("times count from the first live call, and what is done is reported", () => {
  const { clock, worked, reported, show } = start("cut@1s,stall@2s+500ms");
  clock.moveTo(10_000);
  show("ringing");
  expect(clock.waiting()).toBe(0);
  show("live");
  show("live");
  for (const at of [10_999, 11_000, 12_000, 12_500, 60_000]) clock.moveTo(at);
  expect(worked).toEqual([
    [11_000, "cut"],
    [12_000, "stall", true],
    [12_500, "stall", false],
  ]);
  expect(reported).toEqual([
    ["fault", { fault: "cut" }],
    ["fault", { fault: "stall", on: true }],
    ["fault", { fault: "stall", on: false }],
  ]);
});

test("nothing happens after the way out", () => {
  const { clock, show, stop } = start("cut@1s");
  show("live");
  stop();
  expect(clock.waiting()).toBe(0);
});
