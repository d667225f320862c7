import { expect, test } from "vitest";
import { runSeed } from "./run-seed.ts";

const seeds = [3, 17, 64, 287];

test.each(seeds)("seed %i is the same run every time, to the last line of its trace", async (seed) => {
  const lines: string[][] = [[], []];
  for (const trace of lines) await runSeed(seed, { trace: (line) => trace.push(line) });
  expect(lines[0]?.length).toBeGreaterThan(20);
  expect(lines[1]).toEqual(lines[0]);
});
