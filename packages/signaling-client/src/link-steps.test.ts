import { expect, test } from "vitest";
import { idleLink, type LinkContext } from "./link-state.ts";
import { withStray } from "./link-steps.ts";
import { defaultTiming } from "./timing.ts";

const ctx: LinkContext = { now: 30_000, random: 0.5, tokenUsable: true, timing: defaultTiming };

test("the sixteen newest attempts that were given up are kept, without those too old to arrive", () => {
  const strays = [0, ...Array.from({ length: 16 }, (_, index) => index + 1)];
  expect(withStray({ ...idleLink, strays }, ctx)).toEqual({
    ...idleLink,
    strays: [...Array.from({ length: 15 }, (_, index) => index + 2), 30_000],
  });
  expect(withStray({ ...idleLink, strays: [0, 9] }, ctx)).toEqual({ ...idleLink, strays: [9, 30_000] });
});
