import { createEdges } from "./edges.ts";
import { createStateTable, type StateTable } from "./state-table.ts";

/**
 * Who moves. `step`: the machinery, which never stops by itself. `person` and `fault`: may happen or not. `timer`: a
 * deadline that may pass. A state is at rest when no `step` is left.
 */
export type MoveKind = "step" | "person" | "fault" | "timer";

export interface Move {
  readonly name: string;
  readonly kind: MoveKind;
  readonly next: ArrayLike<number>;
  /** What the move itself did wrong. */
  readonly faults?: readonly string[];
}

/** A world of finitely many states, each a tuple of `width` integers. */
export interface World {
  readonly width: number;
  readonly first: ArrayLike<number>;
  /** Every move; a promise when something had to be computed that is not known yet. */
  moves(state: Int32Array): readonly Move[] | Promise<readonly Move[]>;
  /** What is wrong in this state. `atRest`: no step is left. */
  faults(state: Int32Array, atRest: boolean): readonly string[];
  /** The same state with the symmetric parts exchanged: only one of the two is explored. */
  mirror?(state: ArrayLike<number>): ArrayLike<number>;
}

export interface Limits {
  readonly maxStates: number;
  /** Stop at the first violation. Default false. */
  readonly stopAtFirst?: boolean;
  /** Also prove that from each state a state at rest can be reached by steps alone (invariant 29). Default false. */
  readonly checkProgress?: boolean;
}

/** What is wrong, once, with the shortest way there. */
export interface Violation {
  readonly what: string;
  readonly trace: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly edges: number;
  /** States at rest. */
  readonly quiescent: number;
  readonly violations: readonly Violation[];
  /** Everything was seen: neither the bound nor a violation stopped it. */
  readonly isComplete: boolean;
}

/** Breadth first, so that the first trace to a violation is a shortest one. */
export async function explore(world: World, limits: Limits): Promise<Exploration> {
  const search = createSearch(world, limits);
  for (let at = 0; at < search.size() && !search.isStopped(); at++) {
    const state = search.get(at);
    const due = world.moves(state);
    search.visit(at, state, due instanceof Promise ? await due : due);
  }
  return search.finish();
}

/** Whoever moves only when nothing else can. */
const isStep = ({ kind }: Move): boolean => kind === "step";

function createSearch(world: World, limits: Limits) {
  const table = createStateTable(world.width);
  const found = new Map<string, Violation>();
  const names = createNames();
  const steps = createEdges();
  const resting: number[] = [];
  let edges = 0;
  table.add(world.first, undefined, -1, -1);

  function report(what: string, at: number, last?: string): void {
    if (found.has(what)) return;
    const trace = traceTo(table, names, at);
    found.set(what, { what, trace: last === undefined ? trace : [...trace, last] });
  }

  function take(at: number, move: Move): void {
    edges++;
    for (const what of move.faults ?? []) report(what, at, move.name);
    const index = table.add(move.next, world.mirror?.(move.next), at, names.idOf(move.name));
    if (limits.checkProgress && isStep(move)) steps.add(at, index);
  }

  const isStopped = () => table.size > limits.maxStates || (limits.stopAtFirst === true && found.size > 0);

  return {
    size: () => table.size,
    get: table.get,
    isStopped,
    visit(at: number, state: Int32Array, moves: readonly Move[]): void {
      const atRest = !moves.some(isStep);
      if (atRest) resting.push(at);
      for (const what of world.faults(state, atRest)) report(what, at);
      for (const move of moves) take(at, move);
    },
    finish(): Exploration {
      const isComplete = !isStopped();
      const stuck =
        limits.checkProgress && isComplete ? steps.firstThatReachesNone(resting, table.size) : undefined;
      if (stuck !== undefined) report("29: the machinery can go round for ever", stuck);
      const violations = [...found.values()];
      return { states: table.size, edges, quiescent: resting.length, violations, isComplete };
    },
  };
}

function createNames() {
  const ids = new Map<string, number>();
  const all: string[] = [];
  return {
    all,
    idOf(name: string): number {
      const known = ids.get(name);
      if (known !== undefined) return known;
      ids.set(name, all.length);
      return all.push(name) - 1;
    },
  };
}

function traceTo(
  table: StateTable,
  names: { readonly all: readonly string[] },
  at: number,
): readonly string[] {
  const trace: string[] = [];
  for (let index = at; table.fromOf(index) >= 0; index = table.fromOf(index)) {
    trace.unshift(names.all[table.moveOf(index)] ?? "?");
  }
  return trace;
}
