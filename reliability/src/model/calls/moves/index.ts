import type { Move } from "../../core/explore.ts";
import { at, isLive, part, read, wire } from "../layout.ts";
import { actorAt } from "../names.ts";
import type { Missing, Parts } from "../parts.ts";
import { addExecution, addResults } from "./commands.ts";
import { addDying, addLocals, addReload } from "./endpoints.ts";
import { addDeadlines, addDeath, addWipe } from "./server.ts";
import { addHello, addStream } from "./streams.ts";
import { type ActorTurn, canFail, type MoveOptions, type Turn } from "./turn.ts";

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
