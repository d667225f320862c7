import { emptyList } from "../../core/lists.ts";
import { at, isLive, none, part, read, slot, wire } from "../layout.ts";
import { type ActorTurn, add, loseMailbox, type Turn } from "./turn.ts";

/** What happens at the endpoint itself: people, timers, devices, its connection. */
export function addLocals(turn: ActorTurn): void {
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

/** Its process dies for good. */
export function addDying(turn: ActorTurn): void {
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
export function addReload(turn: ActorTurn): void {
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
