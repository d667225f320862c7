import type { CommandAction } from "@peerline/call-machine";
import { nextDeadline } from "@peerline/call-machine/record";
import { toHex } from "@peerline/call-machine/wire";
import type { Move, MoveKind } from "../core/explore.ts";
import { emptyList } from "../core/lists.ts";
import { at, catchingUp, flags, isLive, none, part, read, slot, toCatchUp, wire } from "./layout.ts";
import type { Actor } from "./names.ts";
import type { ClientFacts, KnownServerStep, Missing, Parts } from "./parts.ts";
import { actorAt } from "./server.ts";

/** What holds for a whole exploration. */
export interface MoveOptions {
  readonly actors: readonly Actor[];
  /** The window timer may pass while the call is still on its way back. */
  readonly earlyWindow: boolean;
  /** The server repeats the stored result of a command that it has executed. */
  readonly keepsResults: boolean;
  /** A server with nothing. */
  readonly cold: number;
}

interface Turn {
  readonly parts: Parts;
  readonly options: MoveOptions;
  readonly state: Int32Array;
  readonly moves: Move[];
  readonly missing: Missing;
  /** Moves that may be taken before all others: whatever else happens, they do the same and are in nobody's way. */
  readonly alone: Move[];
}

interface ActorTurn extends Turn {
  readonly actor: number;
  readonly label: string;
  readonly client: number;
  readonly wireBits: number;
  readonly facts: ClientFacts;
}

/**
 * Every move of a state; incomplete while something is added to `missing`. While no fault can come any more, a step that
 * changes nothing but its own disappearance is the only move: a partial-order reduction.
 */
export function callMoves(parts: Parts, options: MoveOptions, state: Int32Array, missing: Missing): Move[] {
  const turn: Turn = { parts, options, state, moves: [], missing, alone: [] };
  for (const actor of options.actors.keys()) {
    const wireBits = read(state, at(actor, part.wire));
    if ((wireBits & wire.isDead) !== 0) {
      addDeath(turn, actor, wireBits);
      continue;
    }
    const client = read(state, at(actor, part.client));
    const { label } = actorAt(options.actors, actor);
    const own: ActorTurn = { ...turn, actor, label, client, wireBits, facts: parts.facts(actor, client) };
    addExecution(own);
    addResults(own);
    if (isLive(wireBits)) addStream(own);
    else addHello(own);
    addLocals(own);
    addDying(own);
    addReload(own);
  }
  const [first] = turn.alone;
  if (first && missing.length === 0 && !canFail(state)) return [first];
  addDeadlines(turn);
  addWipe(turn);
  return turn.moves;
}

function add({ state, moves }: Turn, kind: MoveKind, name: string, change: (next: Int32Array) => void): void {
  const next = state.slice();
  try {
    change(next);
    moves.push({ kind, name, next });
  } catch (thrown) {
    moves.push({ kind, name, next: state, faults: [`27: ${String(thrown)}`] });
  }
}

function addServerMove(
  turn: Turn,
  step: KnownServerStep,
  kind: MoveKind,
  name: string,
  change: (next: Int32Array) => void,
): void {
  add(turn, kind, name, (next) => {
    next[slot.server] = step.server;
    change(next);
  });
  const move = turn.moves.at(-1);
  if (step.faults && move)
    turn.moves.splice(-1, 1, { ...move, faults: [...step.faults, ...(move.faults ?? [])] });
}

/** Into the mailboxes that are open. */
function deliver({ parts }: Turn, next: Int32Array, mail: KnownServerStep["mail"]): void {
  for (const { to, event } of mail) {
    const bits = read(next, at(to, part.wire));
    if ((bits & wire.knowsEpoch) === 0 || (bits & wire.isDead) !== 0) continue;
    const place = at(to, part.mail);
    next[place] = parts.mail.push(read(next, place), event);
  }
}

function addExecution(turn: ActorTurn): void {
  const { parts, state, actor, facts, wireBits, missing, client } = turn;
  const list = read(state, at(actor, part.results));
  const executed = parts.resultLists.values(list).length;
  const command = facts.batch[executed];
  if (!command || (wireBits & wire.knowsEpoch) === 0) return;
  const stored = parts.resultLists.values(read(state, at(actor, part.stored)))[executed];
  if (stored !== undefined) {
    add(turn, "step", command.name, (next) => {
      next[at(actor, part.results)] = parts.resultLists.push(list, stored);
    });
    return;
  }
  const { id, action } = command;
  const name = parts.nameOf(`command ${actor} ${id}`);
  const step = parts.stepServer(
    read(state, slot.server),
    name,
    () => ({ type: "command", from: actor, action }),
    missing,
  );
  if (!step) return;
  addServerMove(turn, step, "step", command.name, (next) => {
    deliver(turn, next, step.mail);
    const results = parts.resultLists.push(list, step.result);
    next[at(actor, part.results)] = results;
    const isLast = executed + 1 === facts.batch.length;
    if (isLast && facts.hearsNothing && !canFail(state)) hear(turn, next, client, results);
  });
  const changesNothing = step.server === read(state, slot.server) && step.mail.length === 0;
  if (changesNothing && isOver(turn, action)) standAlone(turn);
}

/** An ended call stays as it is, and so does what the server says of it. */
function isOver({ parts, state }: ActorTurn, action: CommandAction): boolean {
  const callId = "callId" in action.value ? toHex(action.value.callId) : "";
  const records = parts.records(read(state, slot.server));
  return records.some((record) => record.callId === callId && record.phase === "ended");
}

function standAlone({ moves, alone }: Turn): void {
  const move = moves.at(-1);
  if (move && !move.faults) alone.push(move);
}

/** Without a fault to come, hearing that nothing came of it and when it is heard makes no difference. */
function canFail(state: Int32Array): boolean {
  return read(state, slot.faults) > 0 || read(state, slot.wipes) > 0 || read(state, slot.reloads) > 0;
}

function hear(turn: ActorTurn, next: Int32Array, client: number, results: number): void {
  const { parts, actor, wireBits } = turn;
  next[at(actor, part.client)] = parts.stepClient(
    { actor, client, kind: "results", detail: results, live: isLive(wireBits) },
    () => ({ type: "results", results: parts.resultsOf(results) }),
  );
  next[at(actor, part.results)] = emptyList;
  next[at(actor, part.stored)] = emptyList;
}

function addResults(turn: ActorTurn): void {
  const { parts, state, actor, facts, wireBits, client, label, options } = turn;
  const results = read(state, at(actor, part.results));
  const executed = parts.resultLists.values(results).length;
  if (executed === 0 || executed < facts.batch.length) return;
  add(turn, "step", facts.hears, (next) => hear(turn, next, client, results));
  const faults = read(state, slot.faults);
  if (faults === 0 || (wireBits & wire.knowsEpoch) === 0) return;
  add(turn, "fault", `${label}'s results are lost on the way`, (next) => {
    next[slot.faults] = faults - 1;
    next[at(actor, part.results)] = emptyList;
    next[at(actor, part.stored)] = options.keepsResults ? results : emptyList;
  });
}

function addHello(turn: ActorTurn): void {
  const { parts, state, actor, wireBits, client, label, missing, options } = turn;
  const resumed = (wireBits & wire.knowsEpoch) !== 0;
  const name = parts.nameOf(`hello ${actor} ${resumed}`);
  const step = parts.stepServer(
    read(state, slot.server),
    name,
    () => ({ type: "hello", from: actor, resumed }),
    missing,
  );
  if (!step) return;
  const how = resumed ? "resumes its stream" : "opens a stream in a new epoch";
  addServerMove(turn, step, "step", `${label} ${how}`, (next) => {
    const { mail, resultLists } = parts;
    next[at(actor, part.wire)] = wire.knowsEpoch | wire.hasStream;
    deliver(turn, next, step.mail);
    const waiting = resumed ? mail.values(read(next, at(actor, part.mail))).length : 0;
    next[at(actor, part.wire)] = catchingUp(read(next, at(actor, part.wire)), waiting);
    const detail = step.snapshot * 4 + (resumed ? 2 : 0) + (waiting === 0 ? 1 : 0);
    next[at(actor, part.client)] = parts.stepClient(
      { actor, client, kind: "hello", detail, live: true },
      () => ({
        type: "hello",
        sameEpoch: resumed,
        inputs: parts.hello(resumed, step.snapshot, waiting === 0),
      }),
    );
    const results = read(state, at(actor, part.results));
    const executed = resultLists.values(results).length > 0 ? results : read(state, at(actor, part.stored));
    next[at(actor, part.stored)] = resumed && options.keepsResults ? executed : emptyList;
    next[at(actor, part.results)] = emptyList;
  });
}

function addStream(turn: ActorTurn): void {
  const { parts, state, actor, wireBits, client, label } = turn;
  const faults = read(state, slot.faults);
  const mail = read(state, at(actor, part.mail));
  const [event] = parts.mail.values(mail);
  if (event !== undefined) {
    const missed = toCatchUp(wireBits);
    add(turn, "step", `${label} gets ${parts.eventName(event)}`, (next) => {
      const catchesUp = missed === 1;
      next[at(actor, part.client)] = parts.stepClient(
        { actor, client, kind: "event", detail: event * 2 + (catchesUp ? 1 : 0), live: true },
        () => ({ type: "signaling", inputs: parts.eventInputs(event, catchesUp) }),
      );
      next[at(actor, part.mail)] = parts.mail.shift(mail);
      next[at(actor, part.last)] = faults > 0 ? event : none;
      next[at(actor, part.wire)] = catchingUp(wireBits, Math.max(0, missed - 1));
    });
    const isUnmoved = turn.moves.at(-1)?.next[at(actor, part.client)] === client;
    if (isUnmoved && turn.facts.isDone) standAlone(turn);
  }
  if (faults > 0) addStreamFaults(turn, faults);
}

function addStreamFaults(turn: ActorTurn, faults: number): void {
  const { parts, state, actor, wireBits, client, label } = turn;
  const last = read(state, at(actor, part.last));
  if (last !== none) {
    add(turn, "fault", `${label} gets ${parts.eventName(last)} a second time`, (next) => {
      next[slot.faults] = faults - 1;
      next[at(actor, part.client)] = parts.stepClient(
        { actor, client, kind: "event", detail: last * 2, live: true },
        () => ({ type: "signaling", inputs: parts.eventInputs(last, false) }),
      );
    });
  }
  add(turn, "fault", `${label}'s stream drops`, (next) => {
    next[slot.faults] = faults - 1;
    next[at(actor, part.wire)] = catchingUp(wireBits & ~wire.hasStream, 0);
  });
  add(turn, "fault", `${label}'s mailbox is lost`, (next) => {
    next[slot.faults] = faults - 1;
    loseMailbox(next, actor);
  });
}

function loseMailbox(next: Int32Array, actor: number): void {
  next[at(actor, part.wire)] = read(next, at(actor, part.wire)) & flags & ~wire.hasStream & ~wire.knowsEpoch;
  next[at(actor, part.mail)] = emptyList;
  next[at(actor, part.stored)] = emptyList;
}

function addLocals(turn: ActorTurn): void {
  const { parts, state, actor, wireBits, client, label, facts, options } = turn;
  const faults = read(state, slot.faults);
  for (const [index, { kind, name, input, needs, isWillful, isWindow }] of facts.locals.entries()) {
    const isEarly = isWindow === true && options.earlyWindow;
    if (needs === "stillness" && !isEarly && !isStill(turn)) continue;
    if (needs === "fault" && faults === 0) continue;
    if (needs === "stuck" && read(state, slot.stuck) === 0) continue;
    if (needs === "goodwill" && read(state, slot.willful) === 1) continue;
    add(turn, kind, `${label} ${name}`, (next) => {
      if (needs === "fault") next[slot.faults] = faults - 1;
      if (needs === "stuck") next[slot.stuck] = read(state, slot.stuck) - 1;
      if (isWillful) next[slot.willful] = 1;
      next[at(actor, part.client)] = parts.stepClient(
        { actor, client, kind: "local", detail: index, live: isLive(wireBits) },
        () => input,
      );
    });
  }
}

/** Nothing is on its way anywhere: only people and deadlines can move. */
function isStill({ parts, options, state }: Turn): boolean {
  for (const actor of options.actors.keys()) {
    const bits = read(state, at(actor, part.wire));
    if ((bits & wire.isDead) !== 0) continue;
    if (!isLive(bits) || read(state, at(actor, part.mail)) !== emptyList) return false;
    const { waits, isWorking } = parts.facts(actor, read(state, at(actor, part.client)));
    if (waits || isWorking) return false;
  }
  return true;
}

function addDying(turn: ActorTurn): void {
  const { state, actor, label } = turn;
  const deaths = read(state, slot.deaths);
  if (deaths === 0) return;
  add(turn, "fault", `${label}'s process dies`, (next) => {
    next[slot.deaths] = deaths - 1;
    next[slot.willful] = 1;
    next[at(actor, part.wire)] = wire.isDead | (read(next, at(actor, part.wire)) & wire.knowsEpoch);
    for (const place of [part.mail, part.results, part.stored]) next[at(actor, place)] = emptyList;
    next[at(actor, part.last)] = none;
  });
}

/** The page is back at once, with nothing but its endpoint id. */
function addReload(turn: ActorTurn): void {
  const { parts, state, actor, label, client, facts } = turn;
  const reloads = read(state, slot.reloads);
  if (reloads === 0 || facts.isIdle) return;
  add(turn, "fault", `${label}'s page is reloaded`, (next) => {
    next[slot.reloads] = reloads - 1;
    next[at(actor, part.client)] = parts.reloaded(actor, client);
    next[at(actor, part.results)] = emptyList;
    next[at(actor, part.last)] = none;
    loseMailbox(next, actor);
  });
}

function addDeath(turn: Turn, actor: number, wireBits: number): void {
  const { parts, state, missing, options } = turn;
  if ((wireBits & wire.knowsEpoch) === 0) return;
  const server = read(state, slot.server);
  const step = parts.stepServer(
    server,
    parts.nameOf(`lost ${actor}`),
    () => ({ type: "lost", from: actor }),
    missing,
  );
  if (!step || step.server === server) return;
  addServerMove(turn, step, "step", `the server misses ${actorAt(options.actors, actor).label}`, (next) =>
    deliver(turn, next, step.mail),
  );
}

function addDeadlines(turn: Turn): void {
  const { parts, state, missing } = turn;
  const server = read(state, slot.server);
  for (const record of parts.records(server)) {
    if (nextDeadline(record) === undefined) continue;
    const { callId } = record;
    const step = parts.stepServer(
      server,
      parts.nameOf(`expire ${callId}`),
      () => ({ type: "ringExpired", callId }),
      missing,
    );
    if (!step) continue;
    addServerMove(turn, step, "timer", "the call has rung too long", (next) => {
      next[slot.willful] = 1;
      deliver(turn, next, step.mail);
    });
  }
}

function addWipe(turn: Turn): void {
  const { state, options } = turn;
  const wipes = read(state, slot.wipes);
  if (wipes === 0) return;
  add(turn, "fault", "the server forgets everything", (next) => {
    next[slot.wipes] = wipes - 1;
    next[slot.server] = options.cold;
    for (const actor of options.actors.keys()) loseMailbox(next, actor);
  });
}
