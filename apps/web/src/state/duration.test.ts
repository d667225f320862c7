import { expect, test } from "vitest";
import { clockText } from "./duration.ts";

test.each([
  [0, "0:00"],
  [-5_000, "0:00"],
  [Number.NaN, "0:00"],
  [Number.POSITIVE_INFINITY, "0:00"],
  [999, "0:00"],
  [7_000, "0:07"],
  [75_000, "1:15"],
  [754_999, "12:34"],
  [3_599_999, "59:59"],
  [3_600_000, "1:00:00"],
  [3_723_000, "1:02:03"],
  [100 * 3_600_000, "100:00:00"],
])("%d ms read as %s", (ms, text) => {
  expect(clockText(ms)).toBe(text);
});
