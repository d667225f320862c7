import { describe, expect, test } from "vitest";
import { fateOf, seededRandom } from "../support/path-trouble.ts";

const trouble = { delayMs: 50, loss: 0.05 };

describe("a troubled path", () => {
  test.each([
    [0, "lost"],
    [0.049, "lost"],
    [0.05, { afterMs: 50 }],
    [0.999, { afterMs: 50 }],
  ] as const)("a datagram that draws %d is %j", (drawn, fate) => {
    expect(fateOf(trouble, drawn)).toEqual(fate);
  });

  test("loses about what it says, the same datagrams for the same seed", () => {
    const draw = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 10_000 }, () => fateOf(trouble, random()));
    };
    const lost = draw(1).filter((fate) => fate === "lost").length;
    expect(lost).toBeGreaterThan(400);
    expect(lost).toBeLessThan(600);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)).not.toEqual(draw(1));
  });
});
