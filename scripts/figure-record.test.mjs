import { describe, expect, test } from "vitest";
import { beginFigure, withRecord } from "./figure-record.mjs";
import { figuresTable } from "./lib/reliability-document.mjs";

describe("a measured figure", () => {
  const words = {
    figure: "b",
    what: "Calls.",
    command: "npm run b",
    runs: 1200,
    result: { gapP50Ms: 12345 },
  };

  test("takes the place of the one with its name", () => {
    const record = (figure, runs) => ({ ...words, figure, runs });
    expect(withRecord([record("b", 1), record("a", 1)], record("b", 2))).toEqual([
      record("a", 1),
      record("b", 2),
    ]);
  });

  test("tells when it was measured, for how long and on what", () => {
    const record = beginFigure().end({ ...words, seed: 7 });
    expect(record).toEqual({
      ...words,
      seed: 7,
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      tookSeconds: expect.any(Number),
      machine: {
        processors: expect.any(Number),
        loadBefore: expect.any(Number),
        loadAfter: expect.any(Number),
      },
    });
  });

  test("reads as words and numbers with their units, lists left out", () => {
    const result = { calls: 1200, gapP50Ms: 12345, heapKiB: 7, growthPercent: 1.5, seconds: 3, gaps: [1, 2] };
    const machine = { processors: 2, loadBefore: 0.5, loadAfter: 1 };
    const record = { ...words, seed: 7, date: "2026-01-02T03:04:05Z", machine, result };
    expect(figuresTable([record], { b: "below 20 s" }).at(-1)).toBe(
      "| Calls. | below 20 s | calls: 1,200<br>gap p50: 12,345 ms<br>heap: 7 KiB<br>growth: 1.5 %<br>seconds: 3 | `npm run b`<br>1,200 runs<br>seed 7 | 2026-01-02<br>2 cores, load 0.5 |",
    );
  });
});
