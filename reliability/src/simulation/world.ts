import type { CallRecord } from "@peerline/call-machine/record";
import { type Random, seededRandom } from "@peerline/call-machine/testing";
import type { RouteOptions, Store } from "@peerline/server";
import { createSimulationClock, type SimulationClock } from "./clock.ts";
import { describeMoment, type Moment, type MomentOf } from "./history.ts";
import { noTotals, type Rule, type Totals } from "./passage.ts";
import { createPeers, type Peers } from "./peers.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";
import { createTab, type Tab, type TabOptions } from "./tab.ts";

export interface WorldOptions {
  readonly seed?: number;
  /** A tab for each; a user that comes twice has two endpoints, the second one named "ben 2". */
  readonly tabs: readonly (string | TabOptions)[];
  /** Default `scripted`. */
  readonly peers?: "scripted" | "fake";
  /** Asked for each passage of each line, in order. Default: everything arrives after 20 ms. */
  readonly rules?: readonly Rule[];
  /** The server's configuration. */
  readonly server?: Partial<RouteOptions>;
  /** Between the server and its memory: for deliberate breakages. */
  readonly wrapStore?: (store: Store) => Store;
  /** Where each line of the trace goes. Default: nowhere. */
  readonly trace?: (line: string) => void;
}

/**
 * A whole Peerline on one virtual clock: the real server's handlers, the real signaling sessions, the real machines, over
 * lines that fail as they are told. Same seed, same world, same run.
 *
 * ```ts
 * const world = await createWorld({ tabs: ["ana", "ben"] });
 * const { ana, ben } = world.named("ana", "ben");
 * const callId = ana.dial("ben");
 * await world.until(() => ben.phase() === "incoming");   // moves the clock; throws with the trace after a minute
 * ben.line().pause();                                     // nothing passes; `resume`, `cut`, `setRule` for single messages
 * await world.server.kill();                              // kill -9; `start`, `drain`
 * world.record(callId);                                   // the truth: the server's record
 * ```
 *
 * Faults by hand: `tab.line().setRule((passage) => fate | undefined)` decides about each request, response, frame and
 * hang-up of one endpoint; `tab.close("crash")`, `tab.open()` (a reload keeps the endpoint id), `tab.freeze()`;
 * `world.peers.interrupt(callId)`, and with `peers: "fake"` the whole media network as `world.peers.network`.
 * `world.settle()` runs on until nothing is open; `findProblems` (invariants/) judges what happened.
 */
export interface World {
  readonly clock: SimulationClock;
  readonly random: Random;
  readonly server: ServerControl;
  readonly peers: Peers;
  /** Oldest first, closed ones too. */
  readonly tabs: readonly Tab[];
  readonly totals: Totals;
  readonly history: readonly Moment[];
  /** Another endpoint. */
  open(options: string | TabOptions): Tab;
  /** Tabs by name; throws a RangeError for one that does not exist. */
  named<N extends string>(...names: readonly N[]): Record<N, Tab>;
  /** The newest record of a call at the server that runs, or ran last. */
  record(callId: string): CallRecord | undefined;
  /** The reason and who ended it, as a tab's person read it. */
  endOf(tab: Tab, callId: string): string | undefined;
  /** The phases that a tab went through in a call. */
  phases(tab: Tab, callId: string): readonly string[];
  rings(tab: Tab, callId?: string): number;
  /** Messages that were sent and have not arrived, also those of pages that are gone. */
  underWay(): number;
  /** Moves the clock until it is so; throws with the trace when `maxMs` (default a minute) passed first. */
  until(isSo: () => boolean, maxMs?: number): Promise<void>;
  advance(ms: number): Promise<void>;
  /** One line for the trace. */
  note(who: string, text: string): void;
}

export interface ServerControl {
  /** The one that runs, or ran last. */
  current(): ServerProcess;
  /** All of them, oldest first. */
  readonly lives: readonly ServerProcess[];
  isUp(): boolean;
  /** It is about to go. */
  isDraining(): boolean;
  /** `kill -9`, and everything in memory is gone. */
  kill(): void;
  /** SIGTERM. Resolves when the process is gone; somebody must move the clock meanwhile. */
  drain(): Promise<void>;
  /** An empty one, in the place of one that is gone. */
  start(): Promise<void>;
}

const defaultUntilMs = 60_000;
const traceTail = 60;

/** Everybody is there and online. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const clock = createSimulationClock();
  const random = seededRandom(options.seed ?? 1);
  const totals = noTotals();
  const history: Moment[] = [];
  const startedAt = clock.now();
  const lineOf = (at: number, who: string, text: string) =>
    `${String(at - startedAt).padStart(8)} ${who.padEnd(8)} ${text}`;
  const note = (who: string, text: string) => options.trace?.(lineOf(clock.now(), who, text));
  const tell = (moment: Moment) => {
    history.push(moment);
    if (options.trace) note(moment.tab, describeMoment(moment));
  };
  const server = await createServerControl(options, { clock, random, totals, note });
  const peers = createPeers(options.peers ?? "scripted", clock, random);
  const tabs: Tab[] = [];
  const surroundings = {
    clock,
    random,
    peers,
    totals,
    tell,
    rules: options.rules ?? [],
    note: options.trace ? note : undefined,
    host: () => (server.isUp() ? server.current() : undefined),
  };
  const open = (more: string | TabOptions) => {
    const tabOptions = typeof more === "string" ? { user: more } : more;
    const same = tabs.filter(({ user }) => user === tabOptions.user).length;
    const name = same === 0 ? tabOptions.user : `${tabOptions.user} ${same + 1}`;
    const tab = createTab({ name, ...tabOptions }, surroundings);
    tabs.push(tab);
    return tab;
  };
  const until = async (isSo: () => boolean, maxMs = defaultUntilMs) => {
    if (await clock.advanceUntil(isSo, maxMs)) return;
    const now = tabs.map((tab) => `${tab.name} is ${tab.phase()}`).join(", ");
    const told = history
      .slice(-traceTail)
      .map((moment) => lineOf(moment.at, moment.tab, describeMoment(moment)));
    throw new Error(`not so after ${maxMs} ms: ${isSo}\n${now}\n${told.join("\n")}`);
  };
  for (const each of options.tabs) open(each);
  await until(() => tabs.every((tab) => tab.session().view().link === "online"));
  return {
    ...{ clock, random, server, peers, tabs, totals, history, open, until, note },
    ...questions(server, tabs, history),
    advance: clock.advance,
  };
}

/** What may be asked of a world. */
function questions(server: ServerControl, tabs: readonly Tab[], history: readonly Moment[]) {
  const all = <T extends Moment["type"]>(type: T) =>
    history.filter((moment): moment is MomentOf<T> => moment.type === type);
  const phasesOf = (tab: Tab, callId: string) =>
    all("phase").filter((moment) => moment.tab === tab.name && moment.callId === callId);
  return {
    underWay: () => tabs.reduce((sum, tab) => sum + tab.underWay(), 0),
    named: <N extends string>(...names: readonly N[]) => named(tabs, names),
    record: (callId: string) => server.current().ledger.calls.get(callId)?.at(-1),
    endOf(tab: Tab, callId: string) {
      const end = phasesOf(tab, callId).findLast(({ phase }) => phase === "ended");
      return end && `${end.reason} by ${end.by}`;
    },
    phases: (tab: Tab, callId: string) => phasesOf(tab, callId).map(({ phase }) => phase),
    rings: (tab: Tab, callId?: string) =>
      all("ring").filter(
        (moment) => moment.tab === tab.name && (callId === undefined || moment.callId === callId),
      ).length,
  };
}

function named<N extends string>(tabs: readonly Tab[], names: readonly N[]): Record<N, Tab> {
  const found = names.map((name) => {
    const tab = tabs.find((one) => one.name === name);
    if (!tab) throw new RangeError(`no tab is named "${name}"`);
    return [name, tab] as const;
  });
  return Object.fromEntries(found) as Record<N, Tab>;
}

interface ServerSurroundings extends Pick<World, "clock" | "random" | "totals" | "note"> {}

async function createServerControl(options: WorldOptions, world: ServerSurroundings): Promise<ServerControl> {
  const { clock, random, totals, note } = world;
  const lives: ServerProcess[] = [];
  let drains = 0;
  const current = () => {
    const last = lives.at(-1);
    if (!last) throw new Error("no server was started");
    return last;
  };
  const start = async () => {
    note("server", "starts");
    const life = await startServerProcess({
      process: clock.createProcess(),
      random,
      ...(options.server && { routes: options.server }),
      ...(options.wrapStore && { wrapStore: options.wrapStore }),
    });
    lives.push(life);
  };
  await start();
  return {
    current,
    lives,
    start,
    isUp: () => current().isAlive(),
    isDraining: () => drains > 0,
    kill() {
      note("server", "is killed");
      totals.serverKills += 1;
      current().kill();
    },
    async drain() {
      note("server", "drains");
      totals.serverDrains += 1;
      drains += 1;
      await current().drain();
      drains -= 1;
      note("server", "is gone");
    },
  };
}
