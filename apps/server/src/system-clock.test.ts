import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSystemClock, fromWall, toWall } from "./system-clock.ts";

const hourMs = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A machine whose wall clock can be set while time passes. */
function machine() {
  const time = { wall: 1_000_000, elapsed: 5_000 };
  const clock = createSystemClock({ wall: () => time.wall, elapsed: () => time.elapsed });
  return {
    time,
    clock,
    pass(ms: number) {
      time.wall += ms;
      time.elapsed += ms;
      vi.advanceTimersByTime(ms);
    },
  };
}

test.each([-hourMs, hourMs, -20 * 365 * 24 * hourMs])(
  "a wall clock that is set by %i ms changes no length of time",
  (stepMs) => {
    const { time, clock, pass } = machine();
    const ran: number[] = [];
    clock.setTimer(clock.now() + 100, () => ran.push(clock.now()));
    pass(50);
    time.wall += stepMs;
    expect([clock.now(), ran]).toEqual([1_000_050, []]);
    pass(50);
    expect([clock.now(), ran, clock.wall()]).toEqual([1_000_100, [1_000_100], 1_000_100 + stepMs]);
  },
);

test("moments become times for people, and the other way around, by the wall clock as it is now", () => {
  const { time, clock, pass } = machine();
  time.wall += hourMs;
  pass(10);
  expect([toWall(clock, clock.now() - 5), fromWall(clock, clock.wall() + 5)]).toEqual([
    clock.wall() - 5,
    clock.now() + 5,
  ]);
  const bare = { now: () => 7, setTimer: () => () => {} };
  expect([toWall(bare, 3), fromWall(bare, 3)]).toEqual([3, 3]);
});

test("a delay beyond what the platform's timers take does not fire at once", () => {
  const { clock, pass } = machine();
  let ran = 0;
  clock.setTimer(clock.now() + 2 ** 31 + 10, () => {
    ran += 1;
  });
  clock.setTimer(Number.POSITIVE_INFINITY, () => {
    ran += 100;
  });
  pass(2 ** 31 - 1);
  expect(ran).toBe(0);
  pass(11);
  expect(ran).toBe(1);
});

test("a timer that a stall made late fires after what came meanwhile is read, and not once it is cancelled", async () => {
  const { clock, pass, time } = machine();
  const ran: string[] = [];
  clock.setTimer(clock.now() + 100, () => ran.push("late"));
  const cancel = clock.setTimer(clock.now() + 100, () => ran.push("cancelled"));
  time.elapsed += 500;
  pass(100);
  expect(ran).toEqual([]);
  cancel();
  await new Promise((resolve) => setImmediate(resolve));
  expect(ran).toEqual(["late"]);
});
