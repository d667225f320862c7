import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "./clock.ts";

const day = 86_400_000;

/** Sources that a test moves, with the platform's timers following `elapsed`. */
function sources() {
  const at = { wall: 1_000_000, elapsed: 0 };
  return {
    at,
    clock: systemClock({ wall: () => at.wall, elapsed: () => at.elapsed }),
    pass(ms: number) {
      at.wall += ms;
      at.elapsed += ms;
      vi.advanceTimersByTime(ms);
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("whoever sets the platform's clock", () => {
  test.each([
    ["forward by an hour", 3_600_000],
    ["back by an hour", -3_600_000],
    ["to the year 1970", -1_000_000],
    ["by ten years", 3_650 * day],
  ])("%s moves no length and no deadline, but the time of day", (_, step) => {
    const { at, clock, pass } = sources();
    const fired: number[] = [];
    clock.setTimer(clock.now() + 50_000, () => fired.push(clock.now()));
    pass(10_000);
    at.wall += step;
    pass(39_999);
    expect([clock.now(), fired]).toEqual([1_049_999, []]);
    pass(1);
    expect([clock.now(), fired, clock.wall()]).toEqual([1_050_000, [1_050_000], 1_050_000 + step]);
  });
});

test("the time of day does not flicker while both clocks count on", () => {
  const { at, clock, pass } = sources();
  const apart = [0, 0.4, -0.4, 100, -100].map((offset) => {
    pass(1_000);
    at.wall += offset;
    return clock.wall() - clock.now();
  });
  expect(apart).toEqual([0, 0, 0, 0, 0]);
});

test.each([
  ["longer than the platform can", 60 * day],
  ["as long as it can", 2 ** 31 - 1],
  ["one longer than that", 2 ** 31],
])("a timer %s fires once, and not early", (_, delayMs) => {
  const { clock, pass } = sources();
  const fired: number[] = [];
  clock.setTimer(clock.now() + delayMs, () => fired.push(clock.now() - 1_000_000));
  for (let passed = 0; passed < delayMs - day; passed += day) pass(day);
  expect(fired).toEqual([]);
  pass(3 * day);
  expect([fired.length, (fired[0] ?? 0) >= delayMs]).toEqual([1, true]);
});

test("a timer that the platform fires early waits for the rest", () => {
  const { at, clock } = sources();
  const fired: number[] = [];
  clock.setTimer(clock.now() + 100, () => fired.push(at.elapsed));
  at.elapsed = 99.6;
  vi.advanceTimersByTime(100);
  expect(fired).toEqual([]);
  at.elapsed = 100.6;
  vi.advanceTimersByTime(1);
  expect(fired).toEqual([100.6]);
});

test.each([
  ["in the past", -1_000],
  ["that is no number", Number.NaN],
  ["before all time", Number.NEGATIVE_INFINITY],
])("a deadline %s is due at once, and no sooner", (_, at) => {
  const { clock } = sources();
  const run = vi.fn();
  clock.setTimer(at, run);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledOnce();
});

test("a deadline at the end of all time costs no timer", () => {
  const { clock } = sources();
  clock.setTimer(Number.POSITIVE_INFINITY, () => undefined)();
  expect(vi.getTimerCount()).toBe(0);
});

test("a timer that was taken back does not fire, however often it was armed", () => {
  const { clock, pass } = sources();
  const run = vi.fn();
  const cancel = clock.setTimer(clock.now() + 60 * day, run);
  for (let days = 0; days < 30; days++) pass(day);
  cancel();
  for (let days = 0; days < 60; days++) pass(day);
  expect([run.mock.calls, vi.getTimerCount()]).toEqual([[], 0]);
});
