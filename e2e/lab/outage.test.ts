import { describe, expect, test } from "vitest";
import { outageAfter } from "../support/lab-outage.ts";

/** Packets every 20 ms, from `startMs` up to `endMs`. */
function flow(startMs: number, endMs: number): readonly number[] {
  return Array.from({ length: (endMs - startMs) / 20 }, (_, index) => startMs + 20 * index);
}

describe("media that was away", () => {
  test.each<[string, readonly number[], number | undefined]>([
    ["is not back while nothing comes", flow(0, 1_000), undefined],
    ["was never away", flow(0, 10_000), 20],
    ["is back after three seconds", [...flow(0, 1_000), ...flow(4_000, 10_000)], 3_000],
    ["was away for the longest silence", [...flow(0, 1_200), ...flow(1_400, 10_000)], 220],
    ["is not back when it stopped again", [...flow(0, 1_200), ...flow(1_400, 4_000)], undefined],
    ["is not back for one packet", [...flow(0, 1_000), 4_000], undefined],
    ["is back after the stray packet", [...flow(0, 1_000), 4_000, ...flow(6_000, 10_000)], 5_000],
    [
      "is not back for certain before a second has passed",
      [...flow(0, 1_000), ...flow(9_500, 10_000)],
      undefined,
    ],
    ["may come for a moment after the change", [...flow(0, 1_200), ...flow(4_000, 10_000)], 3_000],
  ])("%s", (_name, arrivals, expected) => {
    expect(outageAfter(arrivals, 1_000, 10_000)).toBe(expected);
  });
});
