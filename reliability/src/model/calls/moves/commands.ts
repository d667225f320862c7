import type { CommandAction } from "@peerline/call-machine";
import { toHex } from "@peerline/call-machine/wire";
import { emptyList } from "../../core/lists.ts";
import { at, isLive, part, read, slot, wire } from "../layout.ts";
import { type ActorTurn, add, addServerMove, canFail, deliver, standAlone } from "./turn.ts";

/** The server executes the next command of the batch that is under way, or repeats its stored result. */
export function addExecution(turn: ActorTurn): void {
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

/** The endpoint hears what became of the whole batch, or the results are lost. */
export function addResults(turn: ActorTurn): void {
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

function hear(turn: ActorTurn, next: Int32Array, client: number, results: number): void {
  const { parts, actor, wireBits } = turn;
  next[at(actor, part.client)] = parts.stepClient(
    { actor, client, kind: "results", detail: results, live: isLive(wireBits) },
    () => ({ type: "results", results: parts.resultsOf(results) }),
  );
  next[at(actor, part.results)] = emptyList;
  next[at(actor, part.stored)] = emptyList;
}
