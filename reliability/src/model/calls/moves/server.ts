import { nextDeadline } from "@peerline/call-machine/record";
import { read, slot, wire } from "../layout.ts";
import { actorAt } from "../names.ts";
import { add, addServerMove, deliver, loseMailbox, type Turn } from "./turn.ts";

/** The server misses an endpoint that died. */
export function addDeath(turn: Turn, actor: number, wireBits: number): void {
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

/** A call has rung too long. */
export function addDeadlines(turn: Turn): void {
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

/** The server crashes and comes back with nothing. */
export function addWipe(turn: Turn): void {
  const { state, options } = turn;
  const wipes = read(state, slot.wipes);
  if (wipes === 0) return;
  add(turn, "fault", "the server forgets everything", (next) => {
    next[slot.wipes] = wipes - 1;
    next[slot.server] = options.cold;
    for (const actor of options.actors.keys()) loseMailbox(next, actor);
  });
}
