import { describe, expect, test } from "vitest";
import { createSimulationClock } from "./clock.ts";

describe("the clock of a world", () => {
  test("runs timers by deadline, then in the order they were set, and what they start before the next one", async () => {
    const clock = createSimulationClock();
    const ran: string[] = [];
    const at = clock.now() + 10;
    clock.setTimer(at, () => void Promise.resolve().then(() => ran.push("started by the first")));
    clock.setTimer(at, () => ran.push("second"));
    clock.setTimer(at - 5, () => ran.push("earlier"));
    clock.setTimer(at, () => ran.push("cancelled"))();
    await clock.advance(20);
    expect(ran).toEqual(["earlier", "started by the first", "second"]);
    expect([clock.now(), clock.pending()]).toEqual([at + 10, 0]);
  });

  test("stops where it is told to look, or says that it was not so in time", async () => {
    const clock = createSimulationClock();
    const start = clock.now();
    let seen = false;
    clock.setTimer(start + 7, () => {
      seen = true;
    });
    expect([await clock.advanceUntil(() => seen, 100), clock.now() - start]).toEqual([true, 7]);
    expect([await clock.advanceUntil(() => false, 100), clock.now() - start]).toEqual([false, 107]);
  });
});

describe("a process", () => {
  test("that is frozen hears of its waking first, then of what it missed, in order", async () => {
    const clock = createSimulationClock();
    const process = clock.createProcess();
    const ran: string[] = [];
    process.setTimer(clock.now() + 1, () => ran.push("timer"));
    process.freeze();
    await clock.advance(5);
    process.enter(() => ran.push("message"));
    expect(ran).toEqual([]);
    process.thaw(() => ran.push("wake"));
    expect(ran).toEqual(["wake", "timer", "message"]);
  });

  test("that is killed runs nothing any more, and leaves no timer behind", async () => {
    const clock = createSimulationClock();
    const process = clock.createProcess();
    const ran: string[] = [];
    process.setTimer(clock.now() + 1, () => ran.push("timer"));
    process.kill();
    process.setTimer(clock.now() + 1, () => ran.push("set afterwards"));
    process.enter(() => ran.push("message"));
    await clock.advance(5);
    expect([ran, clock.pending(), process.isAlive()]).toEqual([[], 0, false]);
  });
});
