import { createCallWorld } from "./calls/world.ts";
import { type Exploration, explore, type Limits, type World } from "./core/explore.ts";
import { createNegotiationWorld } from "./negotiation/world.ts";
import { glare, onePhone, twoEndpoints } from "./worlds.ts";

/** One exploration of the list. */
export interface Run {
  readonly world: string;
  readonly faults: string;
  /** Small enough for every test run. */
  readonly isShort: boolean;
  /** Bound of the long form. */
  readonly maxStates: number;
  readonly open: () => Promise<World>;
}

const all = 20_000_000;
const million = 1_000_000;

/** Everything that is explored, PROTOCOL 3 "bounded worlds". */
export const runs: readonly Run[] = [
  calls("a: caller, one phone", "none", true, all, { ...onePhone }),
  calls("a: caller, one phone", "1 fault", true, all, { ...onePhone, alerts: false, faults: 1 }),
  calls("a: caller, one phone", "1 fault, results not kept", false, all, {
    ...onePhone,
    alerts: false,
    faults: 1,
    keepsResults: false,
  }),
  calls("a: caller, one phone", "1 death", true, all, { ...onePhone, deaths: 1 }),
  calls("a: caller, one phone", "1 wipe", false, all, {
    ...onePhone,
    alerts: false,
    wipes: 1,
    outlivesWipes: true,
  }),
  calls("a: caller, one phone", "1 wipe, early window", false, all, {
    ...onePhone,
    alerts: false,
    wipes: 1,
    earlyWindow: true,
  }),
  calls("a: caller, two endpoints", "none", true, all, twoEndpoints),
  calls("a: caller, two endpoints", "1 fault", false, 2 * million, {
    ...twoEndpoints,
    alerts: false,
    faults: 1,
  }),
  calls("a: caller, two endpoints", "1 wipe", false, 2 * million, {
    ...twoEndpoints,
    alerts: false,
    wipes: 1,
    outlivesWipes: true,
  }),
  calls("b: two call each other", "none", false, all, glare),
  calls("b: two call each other", "none, nobody alerts", true, all, { ...glare, alerts: false }),
  calls("b: two call each other", "1 fault", false, 2 * million, { ...glare, alerts: false, faults: 1 }),
  calls("d: rebuild, one phone", "2 stuck connections", true, all, { ...onePhone, alerts: false, stuck: 2 }),
  calls("d: rebuild, one phone", "1 stuck, 1 wipe", false, million, {
    ...onePhone,
    alerts: false,
    stuck: 1,
    wipes: 1,
    outlivesWipes: true,
  }),
  calls("d: reload, one phone", "1 reload", true, all, { ...onePhone, reloads: 1 }),
  calls("d: reload, two endpoints", "1 reload", false, million, {
    ...twoEndpoints,
    alerts: false,
    reloads: 1,
  }),
  calls("d: early answer, one phone", "none", true, all, { ...onePhone, earlyAnswer: true }),
  calls("d: early answer, one phone", "1 stuck, 1 fault", false, million, {
    ...onePhone,
    earlyAnswer: true,
    stuck: 1,
    faults: 1,
  }),
  calls("d: early answer, two", "none", false, all, { ...twoEndpoints, earlyAnswer: true }),
  calls("d: early answer, two", "2 stuck", false, million, { ...twoEndpoints, earlyAnswer: true, stuck: 2 }),
  negotiation("1 change each", true, { changes: 1 }),
  negotiation("2 changes each", true, { changes: 2 }),
  negotiation("1 change, 1 restart each", true, { changes: 1, restarts: 1 }),
  negotiation("1 change each, 1 lost epoch", true, { changes: 1, losses: 1 }),
  negotiation("2 changes each, 1 lost epoch", false, { changes: 2, losses: 1 }),
  negotiation("2 changes, 1 restart each, 1 lost epoch", false, { changes: 2, restarts: 1, losses: 1 }),
  negotiation("1 change each, 1 early timer", true, { changes: 1, timeouts: 1 }),
];

/** The long form is bounded by the run, the short one by `limits`. Livelocks are looked for in both. */
export async function explored(run: Run, limits: Partial<Limits> = {}): Promise<Exploration> {
  return await explore(await run.open(), { maxStates: run.maxStates, checkProgress: true, ...limits });
}

function calls(
  world: string,
  faults: string,
  isShort: boolean,
  maxStates: number,
  options: Parameters<typeof createCallWorld>[0],
): Run {
  return { world, faults, isShort, maxStates, open: () => createCallWorld(options) };
}

function negotiation(
  faults: string,
  isShort: boolean,
  options: Parameters<typeof createNegotiationWorld>[0],
): Run {
  const open = async () => createNegotiationWorld(options);
  return { world: "c: two negotiate", faults, isShort, maxStates: million, open };
}
