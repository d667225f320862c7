import { describe, expect, test } from "vitest";
import { seededRandom } from "./random.ts";
import { virtualClock } from "./virtual-clock.ts";

describe("a virtual clock", () => {
  test("runs what comes due by deadline, then in the order it was set, each at its own time", () => {
    const clock = virtualClock(1_000);
    const ran: [string, number][] = [];
    const note = (name: string) => () => void ran.push([name, clock.now()]);
    clock.setTimer(1_300, note("late"));
    clock.setTimer(1_100, note("first"));
    clock.setTimer(1_100, note("second"));
    clock.setTimer(1_301, note("not yet"));
    clock.advanceBy(300);
    expect(ran).toEqual([
      ["first", 1_100],
      ["second", 1_100],
      ["late", 1_300],
    ]);
    expect([clock.now(), clock.pending()]).toEqual([1_300, 1]);
  });

  test("runs a timer that is set on the way, and one whose deadline has passed at the next move", () => {
    const clock = virtualClock();
    const ran: number[] = [];
    clock.setTimer(10, () => clock.setTimer(20, () => void ran.push(clock.now())));
    clock.advanceBy(25);
    clock.setTimer(3, () => void ran.push(clock.now()));
    expect(ran).toEqual([20]);
    clock.advanceBy(0);
    expect(ran).toEqual([20, 25]);
  });

  test("does not run what was cancelled, and cancelling twice is harmless", () => {
    const clock = virtualClock();
    let ran = 0;
    const cancel = clock.setTimer(10, () => {
      ran += 1;
    });
    cancel();
    cancel();
    clock.advanceBy(10);
    expect([ran, clock.pending()]).toEqual([0, 0]);
  });

  test("goes from deadline to deadline, and says when nothing waits", () => {
    const clock = virtualClock();
    clock.setTimer(70, () => {});
    expect([clock.advanceToNext(), clock.now(), clock.advanceToNext()]).toEqual([true, 70, false]);
  });

  test("runs one timer at a time, and stands still when none is due by then", () => {
    const clock = virtualClock();
    const ran: string[] = [];
    clock.setTimer(30, () => ran.push("first"));
    clock.setTimer(30, () => ran.push("second"));
    expect([clock.nextTimerAt(), clock.runNext(29), clock.now()]).toEqual([30, false, 0]);
    expect([clock.runNext(50), clock.now(), [...ran]]).toEqual([true, 30, ["first"]]);
    expect([clock.runNext(50), clock.runNext(50), clock.now(), ran]).toEqual([
      true,
      false,
      30,
      ["first", "second"],
    ]);
    expect(clock.nextTimerAt()).toBe(Number.POSITIVE_INFINITY);
  });

  test("that slept runs late what was due meanwhile, in order", () => {
    const clock = virtualClock();
    const ran: [string, number][] = [];
    clock.setTimer(20, () => ran.push(["second", clock.now()]));
    clock.setTimer(10, () => ran.push(["first", clock.now()]));
    clock.setTimer(101, () => ran.push(["not yet", clock.now()]));
    clock.sleepFor(100);
    expect([ran, clock.now()]).toEqual([
      [
        ["first", 100],
        ["second", 100],
      ],
      100,
    ]);
  });

  test("that is set runs nothing before the next move, and never goes back by itself", () => {
    const clock = virtualClock(1_000);
    const ran: number[] = [];
    clock.setTimer(1_100, () => ran.push(clock.now()));
    clock.setTo(500);
    clock.advanceBy(10);
    expect([ran, clock.now()]).toEqual([[], 510]);
    clock.setTo(2_000);
    expect([...ran]).toEqual([]);
    clock.advanceBy(0);
    expect([ran, clock.now()]).toEqual([[2_000], 2_000]);
  });
});

describe("seeded randomness", () => {
  test("is the same for the same seed, and different for another", () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed).next);
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test("stays in its bounds and reaches them", () => {
    const random = seededRandom(1);
    const rolls = new Set(Array.from({ length: 500 }, () => random.between(1, 6)));
    expect([...rolls].toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
    expect([random.chance(0), random.chance(1)]).toEqual([false, true]);
    expect(random.hex(16)).toMatch(/^[0-9a-f]{32}$/);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});
