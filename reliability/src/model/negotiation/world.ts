import type { DescriptionSignal } from "@peerline/call-machine";
import type { Move, MoveKind, World } from "../core/explore.ts";
import { createInterner } from "../core/interner.ts";
import { type Ask, asItShips, finish, Illegal, openSide, type Side, tell, without } from "./side.ts";

/** What may happen in a world of two negotiating peers, and how often. */
export interface NegotiationWorldOptions {
  /** Of each side. */
  readonly changes?: number;
  /** ICE restarts of each side. */
  readonly restarts?: number;
  /** Losses of everything that is on its way; both sides are told to send again. */
  readonly losses?: number;
  /** Answer timers that pass although the answer is on its way. */
  readonly timeouts?: number;
  /** Rules that are taken out. */
  readonly ask?: Ask;
  readonly nobodyIsPolite?: boolean;
  readonly nobodySendsAgain?: boolean;
}

interface State {
  readonly sides: readonly [Side, Side];
  /** Towards each side. */
  readonly mail: readonly [DescriptionSignal[], DescriptionSignal[]];
  readonly budgets: readonly [Budget, Budget];
  losses: number;
  timeouts: number;
  hadTimeout: boolean;
}

interface Budget {
  changes: number;
  restarts: number;
}

type Index = 0 | 1;
type Post = (letter: DescriptionSignal) => void;
type Add = (kind: MoveKind, name: string, change: (next: State) => void) => void;

const names = ["the caller", "the callee"] as const;
const peerOf = (index: Index): Index => (index === 0 ? 1 : 0);
const maxOffers = 12;

/** Two peers' negotiations as they ship, between mailboxes that keep order or lose everything. PROTOCOL 2.4. */
export function createNegotiationWorld(options: NegotiationWorldOptions): World {
  const states = createInterner<State>({});
  return {
    width: 1,
    first: [states.idOf(firstState(options))],
    moves: ([id = 0]) => movesOf(options, states.get(id), (state) => [states.idOf(state)]),
    faults: ([id = 0], atRest) => faultsOf(states.get(id), atRest),
  };
}

function firstState(options: NegotiationWorldOptions): State {
  const { changes = 0, restarts = 0, losses = 0, timeouts = 0, nobodyIsPolite = false } = options;
  const mail: State["mail"] = [[], []];
  const sides = [
    openSide(false, true, (letter) => mail[1].push(letter)),
    openSide(!nobodyIsPolite, false, (letter) => mail[0].push(letter)),
  ] as const;
  const budgets = [
    { changes, restarts },
    { changes, restarts },
  ] as const;
  return { sides, mail, budgets, losses, timeouts, hadTimeout: false };
}

function movesOf(
  options: NegotiationWorldOptions,
  state: State,
  numbered: (next: State) => number[],
): Move[] {
  const moves: Move[] = [];
  const add: Add = (kind, name, change) => {
    const next = copyOf(state);
    try {
      change(next);
      moves.push({ kind, name, next: numbered(next) });
    } catch (thrown) {
      if (!(thrown instanceof Illegal)) throw thrown;
      moves.push({ kind, name, next: numbered(state), faults: [thrown.message] });
    }
  };
  for (const index of [0, 1] as const) {
    if (state.sides[index].signaling === "dead") continue;
    addPerson(options, state, index, add);
    addSteps(options, state, index, add);
    addTimers(options, state, index, add);
  }
  if (state.losses > 0 && state.mail.some((letters) => letters.length > 0)) {
    add("fault", "everything on its way is lost with the epoch", (next) => loseEpoch(options, next));
  }
  return moves;
}

/** What a move changes in place; the rest is replaced, never changed. */
function copyOf({ sides, mail, budgets, ...rest }: State): State {
  return {
    ...rest,
    sides: [{ ...sides[0] }, { ...sides[1] }],
    mail: [[...mail[0]], [...mail[1]]],
    budgets: [{ ...budgets[0] }, { ...budgets[1] }],
  };
}

function addPerson({ ask = asItShips }: NegotiationWorldOptions, state: State, index: Index, add: Add): void {
  const { changes, restarts } = state.budgets[index];
  if (changes > 0) {
    add("person", `${names[index]} changes something`, (next) => {
      next.budgets[index].changes--;
      next.sides[index].made++;
      tell(next.sides[index], { type: "change" }, ask, postOf(next, index));
    });
  }
  if (restarts > 0 && state.sides[index].negotiation.established) {
    add("person", `${names[index]} wants an ICE restart`, (next) => {
      next.budgets[index].restarts--;
      next.sides[index].wantsRestart = true;
      tell(next.sides[index], { type: "restart" }, ask, postOf(next, index));
    });
  }
}

function addSteps({ ask = asItShips }: NegotiationWorldOptions, state: State, index: Index, add: Add): void {
  const { op } = state.sides[index];
  if (op) {
    add("step", `${names[index]} is done with ${op.type}`, (next) =>
      finish(next.sides[index], ask, postOf(next, index)),
    );
  }
  const [letter] = state.mail[index];
  if (!letter) return;
  add("step", `${names[index]} gets ${letter.type} ${letter.offerNumber}`, (next) => {
    next.mail[index].shift();
    tell(next.sides[index], { type: "received", description: letter }, ask, postOf(next, index));
  });
}

function addTimers({ ask = asItShips }: NegotiationWorldOptions, state: State, index: Index, add: Add): void {
  const { timers } = state.sides[index];
  const pass = (id: "answer" | "backoff") => (next: State) => {
    next.sides[index].timers = without(next.sides[index], id);
    tell(next.sides[index], { type: "timer", id }, ask, postOf(next, index));
  };
  if (timers.includes("backoff")) add("step", `${names[index]} has backed off long enough`, pass("backoff"));
  if (!timers.includes("answer")) return;
  if (isIdle(state)) add("timer", `${names[index]} waited for the answer in vain`, pass("answer"));
  else if (state.timeouts > 0) {
    add("fault", `${names[index]} waited for the answer too shortly`, (next) => {
      next.timeouts--;
      next.hadTimeout = true;
      pass("answer")(next);
    });
  }
}

function loseEpoch(
  { ask = asItShips, nobodySendsAgain = false }: NegotiationWorldOptions,
  next: State,
): void {
  next.losses--;
  for (const letters of next.mail) letters.length = 0;
  if (nobodySendsAgain) return;
  for (const index of [0, 1] as const) tell(next.sides[index], { type: "resend" }, ask, postOf(next, index));
}

function postOf(state: State, from: Index): Post {
  return (letter) => state.mail[peerOf(from)].push(letter);
}

function isIdle({ sides, mail }: State): boolean {
  const isBusy = sides.some(({ op, timers }) => op !== undefined || timers.includes("backoff"));
  return !isBusy && mail.every((letters) => letters.length === 0);
}

/** Invariants 21 and 29: at rest both are stable and know everything, and no timer was needed to get there. */
function faultsOf({ sides, hadTimeout }: State, atRest: boolean): readonly string[] {
  const faults: string[] = [];
  for (const index of [0, 1] as const) {
    const [side, peer] = [sides[index], sides[peerOf(index)]];
    if (side.negotiation.offerNumber > maxOffers) faults.push("29: the offers never end");
    if (side.signaling === "dead") faults.push(`21: ${names[index]} gave up`);
    if (!atRest) continue;
    if (side.timers.includes("answer")) {
      if (!hadTimeout) faults.push(`29: ${names[index]} waits for its timer`);
      continue;
    }
    if (side.signaling !== "stable") faults.push(`21: ${names[index]} rests in ${side.signaling}`);
    if (side.agreed !== side.made) faults.push(`21: a change of ${names[index]} was never negotiated`);
    if (peer.known !== side.made) faults.push(`21: a change of ${names[index]} is unknown to the other`);
    if (side.wantsRestart) faults.push(`21: an ICE restart of ${names[index]} never happened`);
  }
  return faults;
}
