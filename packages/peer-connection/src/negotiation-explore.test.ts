import type { DescriptionSignal } from "@peerline/call-machine";
import { describe, expect, test } from "vitest";
import {
  type Negotiation,
  type NegotiationCommand,
  type NegotiationInput,
  negotiate,
  startNegotiation,
} from "./negotiation.ts";

/*
 * Every interleaving of two peers over ordered mailboxes that lose everything at once and are then told to send again,
 * as after an epoch change. An SDP here is the number of changes that it carries, and the offer that it belongs to.
 */

interface Budget {
  changes: number;
  restarts: number;
  losses: number;
  /** Answer timers that fire although the answer is on its way. */
  timeouts: number;
  /** Offers that cannot be applied. */
  refusals: number;
}

interface Side {
  negotiation: Negotiation;
  signaling: "stable" | "local" | "remote" | "dead";
  op: Extract<NegotiationCommand, { op: number }> | null;
  /** Changes made here, changes the peer is known to have, and the peer's that are known here. */
  made: number;
  agreed: number;
  known: number;
  offered: number;
  openOffer: number;
  /** Own offers that were answered. */
  exchanges: number;
  restartWanted: boolean;
  answerTimer: boolean;
  backoffTimer: boolean;
}

/** Rules of PROTOCOL 1.6 that can be switched off, to see that the exploration notices. */
interface Rules {
  /** The callee gives way. */
  readonly polite: boolean;
  /** An answer names the offer it answers. */
  readonly offerNumber: boolean;
  /** What may be lost with an epoch is sent again. */
  readonly resend: boolean;
}

const allRules: Rules = { polite: true, offerNumber: true, resend: true };

interface World {
  rules: Rules;
  sides: [Side, Side];
  /** Towards each side. */
  mail: [DescriptionSignal[], DescriptionSignal[]];
  budgets: [Budget, Budget];
  refusedAny: boolean;
}

type Index = 0 | 1;
type Move = { name: string; kind: "person" | "step" | "fault" | "timer"; next: () => World };

const other = (i: Index): Index => (i === 0 ? 1 : 0);

class Illegal extends Error {}

function legal(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Illegal(what);
}

function start(budgets: [Budget, Budget], bothOffer: boolean, rules: Rules = allRules): World {
  const side = (polite: boolean, offer: boolean): [Side, readonly NegotiationCommand[]] => {
    const [negotiation, commands] = startNegotiation({ polite, offer, generation: 1 });
    const fresh: Side = {
      negotiation,
      signaling: "stable",
      op: null,
      made: 0,
      agreed: 0,
      known: 0,
      offered: 0,
      openOffer: 0,
      exchanges: 0,
      restartWanted: false,
      answerTimer: false,
      backoffTimer: false,
    };
    return [fresh, commands];
  };
  const [caller, first] = side(false, true);
  const [callee, second] = side(rules.polite, bothOffer);
  const world: World = { rules, sides: [caller, callee], mail: [[], []], budgets, refusedAny: false };
  carryOut(world, 0, first);
  carryOut(world, 1, second);
  return world;
}

function input(world: World, i: Index, given: NegotiationInput): void {
  const side = world.sides[i];
  const [negotiation, commands] = negotiate(side.negotiation, given);
  side.negotiation = negotiation;
  carryOut(world, i, commands);
}

function carryOut(world: World, i: Index, commands: readonly NegotiationCommand[]): void {
  const side = world.sides[i];
  for (const command of commands) {
    if ("op" in command) {
      legal(side.op === null, `${command.type} while ${side.op?.type} runs`);
      side.op = command;
    } else if (command.type === "send") world.mail[other(i)].push(command.description);
    else if (command.type === "startTimer") setTimer(side, command.id, true);
    else if (command.type === "stopTimer") setTimer(side, command.id, false);
    else if (command.type === "broken") side.signaling = "dead";
  }
}

function setTimer(side: Side, id: "answer" | "backoff", running: boolean): void {
  if (id === "answer") side.answerTimer = running;
  else side.backoffTimer = running;
}

function finishOperation(world: World, i: Index): void {
  const side = world.sides[i];
  const command = side.op;
  legal(command !== null, "an operation");
  side.op = null;
  switch (command.type) {
    case "makeOffer":
      legal(side.signaling === "stable", `makeOffer in ${side.signaling}`);
      side.signaling = "local";
      side.offered = side.made;
      side.openOffer = side.negotiation.offerNumber;
      if (command.restart) side.restartWanted = false;
      input(world, i, { type: "described", op: command.op, sdp: sdpOf(side.made, side.openOffer) });
      return;
    case "applyOffer":
      applyOffer(world, i, command);
      return;
    case "applyAnswer":
      legal(side.signaling === "local", `applyAnswer in ${side.signaling}`);
      legal(offerOf(command.description.sdp) === side.openOffer, "the answer of another offer");
      side.signaling = "stable";
      side.exchanges++;
      side.agreed = side.offered;
      if (command.description.offerNumber === 1)
        side.known = Math.max(side.known, changesOf(command.description.sdp));
      input(world, i, { type: "done", op: command.op });
      return;
    case "rollBack":
      legal(side.signaling === "local", `rollBack in ${side.signaling}`);
      side.signaling = "stable";
      input(world, i, { type: "done", op: command.op });
      return;
  }
}

function applyOffer(
  world: World,
  i: Index,
  command: Extract<NegotiationCommand, { type: "applyOffer" }>,
): void {
  const side = world.sides[i];
  legal(side.signaling === (command.rollBack ? "local" : "stable"), `applyOffer in ${side.signaling}`);
  legal(!command.rollBack || side.negotiation.polite, "the impolite side gave way");
  const isFirst = !side.negotiation.established;
  side.signaling = "stable";
  side.known = changesOf(command.description.sdp);
  if (isFirst) side.agreed = side.made;
  if (command.description.iceRestart) side.restartWanted = false;
  const sdp = sdpOf(side.made, command.description.offerNumber);
  input(world, i, { type: "described", op: command.op, sdp });
}

function sdpOf(changes: number, offer: number): string {
  return `${changes} in ${offer}`;
}

function changesOf(sdp: string): number {
  return Number.parseInt(sdp, 10);
}

function offerOf(sdp: string): number {
  return Number(sdp.split(" in ")[1]);
}

function refuseOffer(world: World, i: Index): void {
  const side = world.sides[i];
  const command = side.op;
  legal(command?.type === "applyOffer", "an offer");
  side.op = null;
  side.signaling = "stable";
  world.refusedAny = true;
  input(world, i, { type: "failed", op: command.op, beyondRepair: false });
}

type Add = (name: string, kind: Move["kind"], change: (next: World) => void) => void;

function moves(world: World): Move[] {
  const all: Move[] = [];
  const add: Add = (name, kind, change) => {
    const next = () => {
      const after = structuredClone(world);
      change(after);
      return after;
    };
    all.push({ name, kind, next });
  };
  for (const i of [0, 1] as const) {
    if (world.sides[i].signaling === "dead") continue;
    addPerson(world, i, add);
    addSteps(world, i, add);
    addTimers(world, i, add);
  }
  const anyMail = world.mail.some((letters) => letters.length > 0);
  if (world.budgets[0].losses > 0 && anyMail) {
    add("epoch lost", "fault", (next) => {
      next.budgets[0].losses--;
      next.mail = [[], []];
      if (next.rules.resend) for (const i of [0, 1] as const) input(next, i, { type: "resend" });
    });
  }
  return all;
}

function addPerson({ sides, budgets }: World, i: Index, add: Add): void {
  if (budgets[i].changes > 0) {
    add(`change ${i}`, "person", (next) => {
      next.budgets[i].changes--;
      next.sides[i].made++;
      input(next, i, { type: "change" });
    });
  }
  if (budgets[i].restarts > 0 && sides[i].negotiation.established) {
    add(`restart ${i}`, "person", (next) => {
      next.budgets[i].restarts--;
      next.sides[i].restartWanted = true;
      input(next, i, { type: "restart" });
    });
  }
}

function addSteps({ sides, budgets, mail }: World, i: Index, add: Add): void {
  const { op, negotiation } = sides[i];
  if (op !== null) add(`${op.type} ${i}`, "step", (next) => finishOperation(next, i));
  if (op?.type === "applyOffer" && negotiation.established && budgets[i].refusals > 0) {
    add(`refuse ${i}`, "fault", (next) => {
      next.budgets[i].refusals--;
      refuseOffer(next, i);
    });
  }
  const [letter] = mail[i];
  if (letter === undefined) return;
  add(`receive ${i} ${letter.type} ${letter.offerNumber}`, "step", (next) => {
    next.mail[i].shift();
    const { rules, sides } = next;
    const unnamed = { ...letter, offerNumber: sides[i].negotiation.offerNumber };
    const description = letter.type === "offer" || rules.offerNumber ? letter : unnamed;
    input(next, i, { type: "received", description });
  });
}

function addTimers(world: World, i: Index, add: Add): void {
  const { answerTimer, backoffTimer } = world.sides[i];
  if (backoffTimer) {
    add(`backoff ${i}`, "step", (next) => {
      next.sides[i].backoffTimer = false;
      input(next, i, { type: "timer", id: "backoff" });
    });
  }
  const idle = isIdle(world);
  if (!answerTimer || (!idle && world.budgets[i].timeouts === 0)) return;
  add(`timeout ${i}`, idle ? "timer" : "fault", (next) => {
    if (!idle) next.budgets[i].timeouts--;
    next.sides[i].answerTimer = false;
    input(next, i, { type: "timer", id: "answer" });
  });
}

function isIdle({ sides, mail }: World): boolean {
  return (
    mail.every((letters) => letters.length === 0) &&
    sides.every(({ op, backoffTimer }) => op === null && !backoffTimer)
  );
}

function faultsAtRest(world: World): string[] {
  const faults: string[] = [];
  for (const i of [0, 1] as const) {
    const [side, peer] = [world.sides[i], world.sides[other(i)]];
    if (side.signaling !== "stable") faults.push(`side ${i} rests in ${side.signaling}`);
    if (side.negotiation.phase.name !== "stable")
      faults.push(`side ${i} rests in ${side.negotiation.phase.name}`);
    if (world.refusedAny) continue;
    if (side.agreed !== side.made) faults.push(`a change of side ${i} was never negotiated`);
    if (peer.known !== side.made) faults.push(`a change of side ${i} is unknown to the other`);
    if (side.restartWanted) faults.push(`a restart of side ${i} never happened`);
  }
  return faults;
}

/** Breadth first, so that the first fault found has the shortest trace. */
function explore(first: World, maxStates: number) {
  const traces = new Map<string, Trace | null>([[JSON.stringify(first), null]]);
  const queue = [first];
  const found = { faults: new Set<string>(), quiet: 0, timersNeeded: 0, exchanges: 0 };
  for (let world = queue.shift(); world !== undefined; world = queue.shift()) {
    const key = JSON.stringify(world);
    const possible = moves(world);
    found.exchanges = Math.max(found.exchanges, world.sides[0].exchanges + world.sides[1].exchanges);
    judge(world, possible, found, () => traceOf(traces, key));
    for (const { name, next } of possible) {
      const after = step(next, (what) => found.faults.add(`${what}: ${traceOf(traces, key)} > ${name}`));
      const afterKey = JSON.stringify(after);
      if (after === undefined || traces.has(afterKey)) continue;
      traces.set(afterKey, { before: key, name });
      queue.push(after);
    }
    if (found.faults.size > 0 || traces.size > maxStates) break;
  }
  return { ...found, faults: [...found.faults], isComplete: queue.length === 0 };
}

type Trace = { readonly before: string; readonly name: string };

function traceOf(traces: ReadonlyMap<string, Trace | null>, key: string): string {
  const names: string[] = [];
  for (let at = traces.get(key); at; at = traces.get(at.before)) names.unshift(at.name);
  return names.join(" > ");
}

function judge(
  world: World,
  possible: readonly Move[],
  found: { faults: Set<string>; quiet: number; timersNeeded: number },
  trace: () => string,
): void {
  if (possible.some(({ kind }) => kind === "step")) return;
  if (possible.some(({ kind }) => kind === "timer")) {
    found.timersNeeded++;
    return;
  }
  found.quiet++;
  for (const fault of faultsAtRest(world)) found.faults.add(`${fault}: ${trace()}`);
}

function step(next: () => World, illegal: (what: string) => void): World | undefined {
  try {
    return next();
  } catch (thrown) {
    if (!(thrown instanceof Illegal)) throw thrown;
    illegal(thrown.message);
    return undefined;
  }
}

const none: Budget = { changes: 0, restarts: 0, losses: 0, timeouts: 0, refusals: 0 };
const maxStates = 400_000;

describe("two peers that negotiate, every interleaving", () => {
  const runs: {
    what: string;
    caller: Partial<Budget>;
    callee: Partial<Budget>;
    bothOffer?: boolean;
    /** At most so many, the first one included. */
    exchanges?: number;
  }[] = [
    { what: "41: a change on each side", caller: { changes: 1 }, callee: { changes: 1 }, exchanges: 3 },
    { what: "two changes on each side", caller: { changes: 2 }, callee: { changes: 2 } },
    { what: "43: an ICE restart on each side", caller: { restarts: 1 }, callee: { restarts: 1 } },
    {
      what: "42: a change and an ICE restart on each side",
      caller: { changes: 1, restarts: 1 },
      callee: { changes: 1, restarts: 1 },
    },
    { what: "both make the first offer", caller: { changes: 1 }, callee: { changes: 1 }, bothOffer: true },
    { what: "a lost epoch", caller: { changes: 1, losses: 1 }, callee: { changes: 1 } },
    { what: "two lost epochs", caller: { changes: 1, losses: 2 }, callee: { restarts: 1 } },
  ];
  for (const { what, caller, callee, bothOffer = false, exchanges = Number.POSITIVE_INFINITY } of runs) {
    test(`${what}: no illegal step, all is known to both, and no timer is needed`, () => {
      const result = explore(
        start(
          [
            { ...none, ...caller },
            { ...none, ...callee },
          ],
          bothOffer,
        ),
        maxStates,
      );
      expect(result).toMatchObject({ faults: [], timersNeeded: 0, isComplete: true });
      expect(result.quiet).toBeGreaterThan(0);
      expect(result.exchanges).toBeLessThanOrEqual(exchanges);
    });
  }

  const faulty: { what: string; caller: Partial<Budget>; callee: Partial<Budget> }[] = [
    {
      what: "an answer timer that fires too early",
      caller: { changes: 1, timeouts: 1 },
      callee: { changes: 1 },
    },
    {
      what: "both answer timers fire too early",
      caller: { changes: 1, timeouts: 1 },
      callee: { changes: 1, timeouts: 1 },
    },
    {
      what: "an early timer and a lost epoch",
      caller: { changes: 1, timeouts: 1, losses: 1 },
      callee: { restarts: 1 },
    },
    { what: "refused offers", caller: { changes: 1, refusals: 1 }, callee: { changes: 1, refusals: 1 } },
    {
      what: "a refused offer and a lost epoch",
      caller: { changes: 1, losses: 1 },
      callee: { changes: 1, refusals: 1 },
    },
  ];
  for (const { what, caller, callee } of faulty) {
    test(`${what}: no illegal step, and both end stable`, () => {
      const result = explore(
        start(
          [
            { ...none, ...caller },
            { ...none, ...callee },
          ],
          false,
        ),
        maxStates,
      );
      expect(result).toMatchObject({ faults: [], isComplete: true });
      expect(result.quiet).toBeGreaterThan(0);
    });
  }

  const broken: { rule: keyof Rules; caller: Partial<Budget>; callee: Partial<Budget>; seen: RegExp }[] = [
    { rule: "polite", caller: { changes: 1 }, callee: { changes: 1 }, seen: /^timer needed$/ },
    {
      rule: "offerNumber",
      caller: { changes: 1, timeouts: 1 },
      callee: { changes: 1 },
      seen: /^(the answer of another offer|applyAnswer in)/,
    },
    {
      rule: "resend",
      caller: { changes: 1, losses: 1 },
      callee: { changes: 1 },
      seen: /^side 0 rests in local/,
    },
  ];
  for (const { rule, caller, callee, seen } of broken) {
    test(`without the rule "${rule}" the exploration finds what goes wrong`, () => {
      const budgets: [Budget, Budget] = [
        { ...none, ...caller },
        { ...none, ...callee },
      ];
      const { faults, timersNeeded } = explore(
        start(budgets, false, { ...allRules, [rule]: false }),
        maxStates,
      );
      const found = [...faults, ...(timersNeeded > 0 ? ["timer needed"] : [])];
      expect(found.filter((what) => seen.test(what)).length, found.join("\n")).toBeGreaterThan(0);
    });
  }
});
