import type { CallOutput } from "../call/context.ts";
import type { CallEvent } from "../call/events.ts";
import type { CallSnapshot } from "../types.ts";
import { type LineEntry, maxTombstones, type SessionContext, type Tombstone } from "./context.ts";
import type { SessionEffect } from "./events.ts";

/** What a session decision comes to: the calls it now knows, and what is to be done. */
export interface LineDecision {
  readonly calls: readonly LineEntry[];
  readonly effects: readonly SessionEffect[];
  /** Absent: as they were. */
  readonly tombstones?: readonly Tombstone[];
  /** Absent: as they were. */
  readonly unrung?: readonly LineEntry[];
}

/** What the decisions look at. */
export type Line = Pick<
  SessionContext,
  | "calls"
  | "tombstones"
  | "unrung"
  | "capacity"
  | "autoAccept"
  | "earlyAnswer"
  | "restoresCalls"
  | "timers"
  | "replaying"
>;

/** The call's machine has ended. */
export function onFinished(
  line: Line,
  output: CallOutput,
): { calls: readonly LineEntry[]; tombstones: readonly Tombstone[] } {
  const calls = line.calls.filter(({ callId }) => callId !== output.callId);
  if (output.mayRingAgain) return { calls, tombstones: line.tombstones };
  const { callId, by, ticket, gaveWay } = output;
  const tombstone = { callId, by, ...(ticket ? { ticket } : {}), ...(gaveWay ? { gaveWay } : {}) };
  return { calls, tombstones: withTombstone(line, tombstone) };
}

export function withTombstone({ tombstones }: Line, tombstone: Tombstone): readonly Tombstone[] {
  return [tombstone, ...tombstones].slice(0, maxTombstones);
}

export function entryOf({ callId, role, remote, kind }: CallSnapshot): LineEntry {
  return { callId, role, remote, kind };
}

export function keep(line: Line, effects: readonly SessionEffect[]): LineDecision {
  return { calls: line.calls, effects };
}

export function deliver(callId: string, event: CallEvent): SessionEffect {
  return { type: "call.deliver", callId, event };
}

/** What this endpoint said of a call already, or would say of one that it knows nothing of. */
export function endAgain({ callId, busy }: Pick<Tombstone, "callId" | "busy">): SessionEffect {
  return { type: "signal", callId, command: { type: "end", reason: busy ? "busy" : "hung-up" } };
}
