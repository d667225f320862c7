import { emptyList } from "../../core/lists.ts";
import { at, catchingUp, none, part, read, slot, toCatchUp, wire } from "../layout.ts";
import { type ActorTurn, add, addServerMove, deliver, loseMailbox, standAlone } from "./turn.ts";

/** An endpoint without a stream gets one: it resumes, or begins a new epoch with a snapshot. */
export function addHello(turn: ActorTurn): void {
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

/** An endpoint with a stream gets its next event, or loses the stream. */
export function addStream(turn: ActorTurn): void {
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
