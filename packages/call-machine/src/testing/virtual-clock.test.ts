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
