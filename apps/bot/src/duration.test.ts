import { expect, test } from "vitest";
import { parseDuration } from "./duration.ts";

test.each([
  ["250ms", 250],
  ["30s", 30_000],
  ["1.5m", 90_000],
  ["1h", 3_600_000],
  ["0s", 0],
  ["24h", 86_400_000],
  ["24.1h", undefined],
  ["2147483648ms", undefined],
  ["1e999s", undefined],
  [`${"9".repeat(400)}s`, undefined],
  ["30", undefined],
  ["s", undefined],
  ["-1s", undefined],
  ["5 minutes", undefined],
  ["NaNs", undefined],
  ["Infinity", undefined],
  ["٣s", undefined],
  ["30s\n", undefined],
  ["1d", undefined],
  ["", undefined],
])("%o is %o ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});
