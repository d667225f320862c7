import { expect, test } from "vitest";
import { parseDuration } from "./duration.ts";

test.each([
  ["250ms", 250],
  ["30s", 30_000],
  ["1.5m", 90_000],
  ["0s", 0],
  ["30", undefined],
  ["s", undefined],
  ["-1s", undefined],
  ["1h", undefined],
  ["", undefined],
])("%o is %o ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});
