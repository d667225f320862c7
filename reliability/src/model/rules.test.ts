import { describe, expect, test } from "vitest";
import { rules } from "./calls/rules.ts";
import { type CallWorldOptions, createCallWorld } from "./calls/world.ts";
import { type Exploration, explore } from "./core/explore.ts";
import { negotiationRules } from "./negotiation/rules.ts";
import { createNegotiationWorld } from "./negotiation/world.ts";

const maxStates = 200_000;

/** Under load; a rule takes about a second. */
const timeoutMs = 120_000;

/** As many states of a world with all its rules as were needed to find what goes wrong without one. */
const kept = new Map<CallWorldOptions, Exploration>();

async function withAllRules(world: CallWorldOptions, states: number): Promise<Exploration> {
  const known = kept.get(world);
  if (known && (known.isComplete || known.states >= states)) return known;
  const explored = await explore(await createCallWorld(world), { maxStates: states });
  kept.set(world, explored);
  return explored;
}

describe("a rule that is switched off is caught", { timeout: timeoutMs }, () => {
  for (const { name, world, off, breaks } of rules) {
    test(name, async () => {
      const without = { ...world, ...off, client: { ...world.client, ...off.client } };
      const found = await explore(await createCallWorld(without), { maxStates, stopAtFirst: true });
      expect(found.violations.map(({ what }) => what)).toContainEqual(expect.stringMatching(breaks));
      const { violations } = await withAllRules(world, found.states);
      expect(violations).toEqual([]);
    });
  }

  for (const { name, world, off, breaks } of negotiationRules) {
    test(name, async () => {
      const without = createNegotiationWorld({ ...world, ...off });
      const found = await explore(without, { maxStates, stopAtFirst: true });
      expect(found.violations.map(({ what }) => what)).toContainEqual(expect.stringMatching(breaks));
      const all = await explore(createNegotiationWorld(world), { maxStates });
      expect(all).toMatchObject({ violations: [], isComplete: true });
    });
  }
});
