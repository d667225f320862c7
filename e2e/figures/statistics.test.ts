import { describe, expect, test } from "vitest";
import { histogram, quantile, spread } from "./statistics.ts";

describe("figures", () => {
  test.each<[readonly number[], number, number]>([
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 2, 3], 0.5, 2],
    [[4, 1, 2, 3], 0.95, 4],
    [[1, 2], 0, 1],
    [[7], 1, 7],
    [[], 0.5, Number.NaN],
  ])("of %j the %d quantile is %d", (values, part, expected) => {
    expect(quantile(values, part)).toBe(expected);
  });

  test("a spread is rounded and names its unit", () => {
    expect(spread("gap", [10.4, 20.6, 30])).toEqual({ gapP50Ms: 21, gapP95Ms: 30, gapMaxMs: 30 });
  });

  test("a histogram ends with the last bin that holds a value", () => {
    expect(histogram([0, 99, 100, 350], 100)).toEqual([2, 1, 0, 1]);
    expect(histogram([], 100)).toEqual([]);
  });
});
