import { describe, expect, test } from "vitest";
import { explore, type Move, type World } from "./explore.ts";

/** Two counters from 0 to `top`; each move raises one of them. */
function counters(top: number, faults: World["faults"], mirrored = false): World {
  return {
    width: 2,
    first: [0, 0],
    moves: (state) =>
      [0, 1].flatMap((index): Move[] => {
        const value = state[index] ?? 0;
        const next = state.with(index, value + 1);
        return value < top ? [{ name: `raise ${index}`, kind: "step", next }] : [];
      }),
    faults,
    ...(mirrored && { mirror: (state) => [state[1] ?? 0, state[0] ?? 0] }),
  };
}

const noFault = () => [];
const limits = { maxStates: 1_000, checkProgress: true };

describe("an exploration", () => {
  test("sees every state once", async () => {
    expect(await explore(counters(3, noFault), limits)).toEqual({
      states: 16,
      edges: 24,
      quiescent: 1,
      violations: [],
      isComplete: true,
    });
  });

  test("sees one of two that are each other's mirror image", async () => {
    expect(await explore(counters(3, noFault, true), limits)).toMatchObject({ states: 10, quiescent: 1 });
  });

  test("tells a violation once, with a shortest way there", async () => {
    const faults: World["faults"] = ([a = 0, b = 0]) => (a > 1 && b > 0 ? ["both are up"] : []);
    const { violations } = await explore(counters(3, faults), limits);
    expect(violations).toEqual([{ what: "both are up", trace: ["raise 0", "raise 0", "raise 1"] }]);
  });

  test("says when its bound was reached", async () => {
    expect(await explore(counters(100, noFault), { maxStates: 50 })).toMatchObject({ isComplete: false });
  });

  test("finds machinery that can go round for ever", async () => {
    const round: World = {
      width: 1,
      first: [0],
      moves: ([value = 0]) => [{ name: "turn", kind: "step", next: [(value + 1) % 3] }],
      faults: noFault,
    };
    const { violations } = await explore(round, limits);
    expect(violations).toEqual([{ what: "29: the machinery can go round for ever", trace: [] }]);
  });

  test("a person who may end it does not make a circle harmless", async () => {
    const loop: World = {
      width: 1,
      first: [0],
      moves: ([value = 0]) =>
        value > 0
          ? []
          : [
              { name: "spin", kind: "step", next: [0] },
              { name: "stop", kind: "person", next: [1] },
            ],
      faults: noFault,
    };
    expect((await explore(loop, limits)).violations).toHaveLength(1);
  });

  test("keeps thousands of states apart", async () => {
    expect(await explore(counters(200, noFault), { maxStates: 1_000_000 })).toMatchObject({
      states: 201 * 201,
      isComplete: true,
    });
  });
});
