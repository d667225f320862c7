import { expect, test } from "vitest";
import { momentOf, timeText, whenText } from "./moment.ts";

test.each([
  1_795_853_502_081_000_000,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  8_640_000_000_000_001,
  undefined,
  null,
  "1000",
  10n,
  {},
])("%s is no moment", (at) => {
  expect(momentOf(at)).toBeUndefined();
});

test.each([0, -1, 8_640_000_000_000_000, 1_795_853_502_081.5])("%s is one, and can be shown", (at) => {
  const moment = momentOf(at) ?? new Date(Number.NaN);
  expect(moment.toISOString()).toMatch(/Z$/);
  expect(timeText(moment, "en")).toMatch(/^\d+:\d\d/);
  expect(whenText(moment, new Date(), "en")).toMatch(/\d+:\d\d/);
});

test("the day is told when it was another one", () => {
  const now = new Date(2026, 10, 20, 15, 0);
  expect(whenText(new Date(2026, 10, 20, 9, 5), now, "en-GB")).toBe("9:05");
  expect(whenText(new Date(2026, 10, 19, 9, 5), now, "en-GB")).toBe("19 Nov, 9:05");
});
