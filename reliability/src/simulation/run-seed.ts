import { seededRandom } from "@peerline/call-machine/testing";
import { isQuiet, unrest } from "./invariants/agreement.ts";
import { findProblems } from "./invariants/index.ts";
import { leftovers } from "./invariants/leftovers.ts";
import type { Totals } from "./passage.ts";
import { actAtRandom, type Temper } from "./people.ts";
import type { TabOptions } from "./tab.ts";
import { climates, weather } from "./weather.ts";
import { createWorld, type World, type WorldOptions } from "./world.ts";

export interface Run {
  readonly seed: number;
  /** Empty: every invariant held. */
  readonly problems: readonly string[];
  readonly totals: Totals;
  /** Clock time that the run took, in ms. */
  readonly virtualMs: number;
}

export interface RunOptions extends Pick<WorldOptions, "trace" | "wrapStore" | "rules" | "server"> {
  /** Laid over each tab: for deliberate breakages. */
  readonly tab?: Partial<TabOptions>;
  /** Laid over what the seed decides. */
  readonly temper?: Partial<Temper>;
}

/** Ring, lease, detach grace, recovery, and a little: after that nothing may be open that no one wants. */
const quietWithinMs = 230_000;
/** People come back to a screen that has settled, and end what is left. */
const hangUpWithinMs = 5_000;
/** Ended records, results and limits are forgotten after ten minutes. */
const forgottenAfterMs = 15 * 60_000;
/** Longest pause between two attempts to send, in a call. */
const longestSilenceMs = 6_500;
const longestDayMs = 15_000;

/** One run: people and faults by the seed, then calm, then every invariant is looked at. */
export async function runSeed(seed: number, options: RunOptions = {}): Promise<Run> {
  const random = seededRandom(seed);
  const climate = random.pick([climates.calm, climates.mild, climates.mild, climates.wild]);
  const users = random.pick([
    ["ana", "ben"],
    ["ana", "ben", "ben"],
  ]);
  const temper = {
    pages: random.chance(1 / 2),
    networks: random.chance(2 / 3),
    servers: random.chance(1 / 3),
    ...options.temper,
  };
  const refusal = random.pick([0, 0, 0.2]);
  let isStormy = false;
  const world = await createWorld({
    seed: random.between(1, 2 ** 31),
    tabs: users.map((user) => ({ user, refusal, ...options.tab })),
    rules: [...(options.rules ?? []), weather(random, climate, () => !isStormy)],
    server: { timers: { drainSpreadMs: 2_000, drainMs: 4_000 }, ...options.server },
    ...(options.trace && { trace: options.trace }),
    ...(options.wrapStore && { wrapStore: options.wrapStore }),
  });
  const startedAt = world.clock.now();
  isStormy = true;
  await liveThroughDay(world, temper);
  isStormy = false;
  world.note("world", "calm");
  for (const tab of world.tabs) {
    tab.life()?.line.resume();
    tab.thaw();
  }
  const problems = await calmDown(world);
  const { totals } = world;
  for (const { ledger } of world.server.lives) {
    for (const executed of ledger.executions.values()) totals.commandsExecuted += executed.length;
    for (const logs of ledger.mailboxes.values())
      for (const log of logs.values()) totals.eventsAppended += log.length;
  }
  return { seed, problems, totals, virtualMs: world.clock.now() - startedAt };
}

async function liveThroughDay(world: World, temper: Temper): Promise<void> {
  const { clock, random, tabs } = world;
  const deeds = random.between(2, 9);
  const withinMs = random.pick([500, 3_000, longestDayMs]);
  for (let i = 0; i < deeds; i++) {
    const tab = random.pick(tabs);
    clock.setTimer(clock.now() + random.between(0, withinMs), () => actAtRandom(world, tab, temper));
  }
  await world.advance(withinMs + 1);
}

/** Quiet for long enough that no repetition of a lost request is still to come. */
async function becomesQuiet(world: World): Promise<boolean> {
  const until = world.clock.now() + quietWithinMs;
  while (await world.clock.advanceUntil(() => isQuiet(world), until - world.clock.now())) {
    await world.advance(longestSilenceMs);
    if (isQuiet(world)) return true;
  }
  return false;
}

/** The faults are over: everything that was begun comes to its end, and then nothing is left. */
async function calmDown(world: World): Promise<readonly string[]> {
  const { clock, tabs } = world;
  if (!(await becomesQuiet(world))) {
    return [...unrest(world).map((problem) => `29, 30: ${problem}`), ...findProblems(world)];
  }
  const problems = [...findProblems(world)];
  for (const tab of tabs) if (tab.phase() !== "ended") tab.hangUp();
  const isOver = () =>
    isQuiet(world) && tabs.every((tab) => !tab.life() || tab.session().view().calls.length === 0);
  if (!(await clock.advanceUntil(isOver, hangUpWithinMs))) {
    problems.push(...unrest(world).map((problem) => `30: after everyone hung up, ${problem}`));
  }
  await world.advance(hangUpWithinMs);
  problems.push(...findProblems(world).filter((problem) => !problems.includes(problem)));
  problems.push(...leftovers(world));
  for (const tab of tabs) tab.close("sign-out");
  await world.advance(forgottenAfterMs);
  if (clock.pending() > 0) problems.push(`24: ${clock.pending()} timers wait after everyone has left`);
  if (world.peers.open() > 0)
    problems.push(`24: ${world.peers.open()} connections are open after everyone has left`);
  return problems;
}
