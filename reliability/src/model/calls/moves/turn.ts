import type { Move, MoveKind } from "../../core/explore.ts";
import { emptyList } from "../../core/lists.ts";
import { at, flags, part, read, slot, wire } from "../layout.ts";
import type { Actor } from "../names.ts";
import type { ClientFacts, KnownServerStep, Missing, Parts } from "../parts.ts";

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

/** A state whose moves are being collected. */
export interface Turn {
  readonly parts: Parts;
  readonly options: MoveOptions;
  readonly state: Int32Array;
  readonly moves: Move[];
  readonly missing: Missing;
  /** Moves that may be taken before all others: whatever else happens, they do the same and are in nobody's way. */
  readonly alone: Move[];
}

/** The same for one endpoint that is alive. */
export interface ActorTurn extends Turn {
  readonly actor: number;
  readonly label: string;
  readonly client: number;
  readonly wireBits: number;
  readonly facts: ClientFacts;
}

/** A move. What the change throws is a fault of it: invariant 27. */
export function add(
  { state, moves }: Turn,
  kind: MoveKind,
  name: string,
  change: (next: Int32Array) => void,
): void {
  const next = state.slice();
  try {
    change(next);
    moves.push({ kind, name, next });
  } catch (thrown) {
    moves.push({ kind, name, next: state, faults: [`27: ${String(thrown)}`] });
  }
}

/** A move with a step of the server, and with the faults of that step. */
export function addServerMove(
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
export function deliver({ parts }: Turn, next: Int32Array, mail: KnownServerStep["mail"]): void {
  for (const { to, event } of mail) {
    const bits = read(next, at(to, part.wire));
    if ((bits & wire.knowsEpoch) === 0 || (bits & wire.isDead) !== 0) continue;
    const place = at(to, part.mail);
    next[place] = parts.mail.push(read(next, place), event);
  }
}

/** Its epoch, what waits in it and the results that were kept for it. */
export function loseMailbox(next: Int32Array, actor: number): void {
  next[at(actor, part.wire)] = read(next, at(actor, part.wire)) & flags & ~wire.hasStream & ~wire.knowsEpoch;
  next[at(actor, part.mail)] = emptyList;
  next[at(actor, part.stored)] = emptyList;
}

/** The move that was added last may be taken before all others. */
export function standAlone({ moves, alone }: Turn): void {
  const move = moves.at(-1);
  if (move && !move.faults) alone.push(move);
}

/** Without a fault to come, hearing that nothing came of it and when it is heard makes no difference. */
export function canFail(state: Int32Array): boolean {
  return read(state, slot.faults) > 0 || read(state, slot.wipes) > 0 || read(state, slot.reloads) > 0;
}
