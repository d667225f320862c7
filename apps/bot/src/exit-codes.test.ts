import { expect, test } from "vitest";
import { exitCodeOf } from "./exit-codes.ts";

test.each([
  ["declined", undefined, false, 4],
  ["busy", undefined, false, 4],
  ["no-answer", undefined, false, 4],
  ["unreachable", undefined, false, 4],
  ["hung-up", 1_000, true, 0],
  ["hung-up", 1_000, false, 5],
  ["connect-failed", undefined, false, 5],
  ["media-lost", 1_000, true, 5],
  ["peer-lost", 1_000, true, 0],
] as const)("a call that ended %s after %s ms (heard: %s) exits with %i", (reason, talkedMs, heard, code) => {
  expect(exitCodeOf({ reason, talkedMs }, heard)).toBe(code);
});
