import { describe, expect, test } from "vitest";
import type { CallRecord } from "./record/index.ts";
import { actAtRandom, createWorld, type World, type WorldEndpoint } from "./testing/index.ts";

/** `SEED=n vitest run src/two-sessions.test.ts` replays one day. */
const onlySeed = Number(process.env.SEED ?? 0);
const days = onlySeed ? 1 : Number(process.env.PEERLINE_DAYS ?? 500);
const firstSeed = onlySeed || 1;

const kinds = {
  "one endpoint each": { users: ["ana", "ben"], losses: false },
  "two endpoints of the callee": { users: ["ana", "ben", "ben"], losses: false },
  "one endpoint each, mailboxes lost": { users: ["ana", "ben"], losses: true },
  "two endpoints of the callee, mailboxes lost": { users: ["ana", "ben", "ben"], losses: true },
};

describe.each(Object.entries(kinds))("sessions over a lossy, reordering link, %s", (_, { users, losses }) => {
  test(`${days} days of random calls leave everyone in agreement with the server's record`, {
    timeout: 120_000,
  }, () => {
    for (let seed = firstSeed; seed < firstSeed + days; seed++) {
      const world = liveThroughDay(seed, users, losses);
      const found = problemsOf(world);
      expect(found, `seed ${seed}: replay with SEED=${seed} vitest run src/two-sessions.test.ts`).toEqual([]);
    }
  });
});

const disasters: Readonly<Record<string, (world: World) => void>> = {
  "the server forgets everything": ({ exchange, endpoints, random }) => {
    exchange.forget();
    for (const { link } of endpoints) link.interrupt(random.between(1, 3_000));
  },
  "an endpoint is away for longer than the detach grace": ({ endpoints, random, clock }) => {
    const { link, endpoint } = random.pick(endpoints);
    link.interrupt(random.between(20_000, 40_000));
    clock.setTimer(clock.now() + 15_000, () => endpoint.lose());
  },
};

test.each(Object.entries(disasters))(
  "when %s, nobody is left alone in a call or rung twice",
  { timeout: 120_000 },
  (_, strike) => {
    for (let seed = firstSeed; seed < firstSeed + days / 2; seed++) {
      const { endpoints } = liveThroughDay(
        seed,
        seed % 2 === 0 ? ["ana", "ben"] : ["ana", "ben", "ben"],
        false,
        strike,
      );
      const callIds = new Set(endpoints.flatMap(({ phases }) => [...phases.keys()]));
      for (const callId of callIds) {
        const phases = endpoints.map((who) => who.phases.get(callId) ?? []);
        const still = phases
          .filter((all) => all.length > 0 && all.at(-1) !== "ended")
          .map((all) => all.at(-1));
        const rings = phases.map((all) => all.filter((phase) => phase === "incoming").length);
        expect([[], ["live", "live"]], `SEED=${seed}`).toContainEqual(still);
        expect(Math.max(...rings), `SEED=${seed}`).toBeLessThanOrEqual(1);
      }
    }
  },
);

function liveThroughDay(
  seed: number,
  users: readonly string[],
  losses: boolean,
  strike?: (world: World) => void,
): World {
  const faults = { drop: 0.2, duplicate: 0.2, reorder: seed % 2 === 0 };
  const world = createWorld({ seed, users, faults, refusal: 0.1 });
  const { clock, random, endpoints } = world;
  const deeds = random.between(2, 10);
  for (let i = 0; i < deeds; i++) {
    const who = random.pick(endpoints);
    const withinMs = random.pick([200, 2_000, 20_000]);
    clock.setTimer(clock.now() + random.between(0, withinMs), () => actAtRandom(world, who, { losses }));
  }
  if (strike) clock.setTimer(clock.now() + random.between(0, 8_000), () => strike(world));
  if (!world.settle()) throw new Error(`seed ${seed}: still busy after 10 minutes`);
  return world;
}

function problemsOf(world: World): readonly string[] {
  const callIds = new Set(world.endpoints.flatMap(({ phases }) => [...phases.keys()]));
  return [...callIds].flatMap((callId) => disagreements(world, callId)).concat(leftovers(world));
}

function disagreements(world: World, callId: string): readonly string[] {
  const record = world.exchange.record(callId);
  const found: string[] = [];
  for (const who of world.endpoints) {
    const phases = who.phases.get(callId) ?? [];
    const last = phases.at(-1);
    const part = partOf(record, who);
    const expected =
      record?.phase === "active" && (part === "caller" || part === "winner") ? "live" : "ended";
    if (last !== undefined && last !== expected)
      found.push(`${part} is ${last}, the record ${record?.phase}`);
    if (phases.filter((phase) => phase === "incoming").length > 1) found.push(`${part} rang twice`);
    const end = who.ends.get(callId);
    const words = end && `${end.reason} by ${end.by}`;
    if (words && !allowedEnds(record, part).includes(words)) {
      found.push(`${part} says "${words}", the record "${record?.reason} by ${record?.by}"`);
    }
  }
  return found;
}

type Part = "caller" | "winner" | "other";

function partOf(record: CallRecord | undefined, { endpoint }: WorldEndpoint): Part {
  if (!record || record.caller.key === endpoint.key) return "caller";
  return record.accepted?.key === endpoint.key ? "winner" : "other";
}

/** The allowed pairs (invariant 7): by the record's end, what each part may say of it. */
const told: Readonly<Record<string, Readonly<Record<Part, readonly string[]>>>> = {
  active: { caller: [], winner: [], other: ["answered-elsewhere by server"] },
  "cancelled by caller": { caller: [], winner: [], other: ["cancelled by them", "cancelled by server"] },
  "declined by callee": {
    caller: ["declined by them", "declined by server"],
    winner: [],
    other: ["declined-elsewhere by server", "declined by them"],
  },
  "busy by callee": { caller: ["busy by them", "busy by server"], winner: [], other: ["busy by server"] },
  "busy by server": { caller: ["busy by server"], winner: [], other: [] },
  "no-answer by server": {
    caller: ["no-answer by server"],
    winner: [],
    other: ["no-answer by server"],
  },
  "unreachable by server": {
    caller: ["unreachable by server"],
    winner: [],
    other: ["unreachable by server"],
  },
  "hung-up by caller": {
    caller: [],
    winner: ["hung-up by them", "hung-up by server"],
    other: ["answered-elsewhere by server"],
  },
  "hung-up by callee": {
    caller: ["hung-up by them", "hung-up by server"],
    winner: ["hung-up by them"],
    other: ["answered-elsewhere by server"],
  },
};

/** What each part may have decided by itself before it heard; the caller's glare is the server's word on another call. */
const own: Readonly<Record<Part, readonly string[]>> = {
  caller: ["cancelled by me", "hung-up by me", "hung-up by them", "glare by server"],
  winner: ["hung-up by me"],
  /** `no-answer`: a window closed after the mailbox was lost. */
  other: ["declined by me", "hung-up by me", "no-answer by server"],
};

function allowedEnds(record: CallRecord | undefined, part: Part): readonly string[] {
  if (!record) return ["cancelled by me", "glare by server"];
  const outcome = record.phase === "active" ? "active" : `${record.reason} by ${record.by}`;
  return [...own[part], ...(told[outcome]?.[part] ?? [])];
}

/** Nothing is held for a call that is over: invariants 12, 24. */
function leftovers({ clock, endpoints, exchange, peers }: World): readonly string[] {
  const active = exchange.records().filter(({ phase }) => phase === "active");
  const inCalls = (who: WorldEndpoint) =>
    active.filter(({ caller, accepted }) => [caller.key, accepted?.key].includes(who.endpoint.key)).length;
  const found: string[] = [];
  for (const who of endpoints) {
    const calls = inCalls(who);
    if (calls > 1) found.push(`${who.endpoint.key} is in ${calls} calls`);
    if (who.media.held() !== calls)
      found.push(`${who.endpoint.key} holds devices for ${who.media.held()} calls`);
    if (who.link.calls().length !== calls)
      found.push(`${who.endpoint.key} keeps leases for more than its calls`);
  }
  if (peers.open() !== 2 * active.length) found.push(`${peers.open()} peer connections are open`);
  if (clock.pending() > 0) found.push(`${clock.pending()} timers wait`);
  return found;
}
