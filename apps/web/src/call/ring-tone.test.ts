import { expect, test } from "vitest";
import { renderPattern, ringPatterns } from "./ring-tone.ts";

const sampleRate = 8_000;

test.each(["ringtone", "ringback"] as const)("the %s loops without a click and never clips", (name) => {
  const pattern = ringPatterns[name];
  const samples = renderPattern(pattern, sampleRate);
  expect(samples).toHaveLength((pattern.lengthMs / 1_000) * sampleRate);
  expect(Math.abs(samples[0] ?? 1)).toBeLessThan(0.001);
  expect(Math.abs(samples.at(-1) ?? 1)).toBeLessThan(0.001);
  expect(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeLessThan(0.9);
});

test("the ringback sounds for one second in five", () => {
  const samples = renderPattern(ringPatterns.ringback, sampleRate);
  const loudest = (fromMs: number, toMs: number) =>
    samples
      .slice((fromMs / 1_000) * sampleRate, (toMs / 1_000) * sampleRate)
      .reduce((a, b) => Math.max(a, b), 0);
  expect(loudest(100, 900)).toBeCloseTo(0.06, 2);
  expect(loudest(1_000, 5_000)).toBe(0);
});

test("a note that reaches over the end is cut, not wrapped", () => {
  const note = { atMs: 50, lengthMs: 1_000, frequencyHz: 440, level: 0.5 };
  expect(renderPattern({ lengthMs: 100, shape: "held", notes: [note] }, sampleRate)).toHaveLength(800);
});
