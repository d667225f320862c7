import type { CallInput } from "../call/context.ts";
import type { CallSnapshot } from "../types.ts";
import { onIncoming } from "./arrival.ts";
import type { LineEntry } from "./context.ts";
import type { SessionEffect } from "./events.ts";
import { deliver, endAgain, keep, type Line, type LineDecision } from "./line.ts";

/** A new epoch: every known call learns what the server has of it, then come those that only the server knows. */
export function onSynced(line: Line, calls: readonly CallSnapshot[]): LineDecision {
  const effects = line.calls.map((entry) =>
    deliver(entry.callId, {
      type: "server.synced",
      call: calls.find(({ callId }) => callId === entry.callId),
    }),
  );
  const known = line.calls.map((entry) => synced(entry, calls));
  let decided: LineDecision = { calls: known, effects };
  for (const call of calls) {
    if (line.calls.some(({ callId }) => callId === call.callId)) continue;
    const next = onUnknown({ ...line, ...decided }, call);
    decided = { ...decided, ...next, effects: [...decided.effects, ...next.effects] };
  }
  return { ...decided, effects: [...decided.effects, ...endedHere(line, calls)] };
}

/**
 * Calls that the person ended and the server has no trace of: the peer's ticket must not bring them back. PROTOCOL 2.3
 * row 36.
 */
function endedHere(line: Line, calls: readonly CallSnapshot[]): readonly SessionEffect[] {
  return line.tombstones
    .filter(({ callId, by }) => by === "me" && !calls.some((call) => call.callId === callId))
    .flatMap(({ callId, ticket }) =>
      ticket ? [{ type: "signal", callId, command: { type: "end", reason: "hung-up", ticket } }] : [],
    );
}

/** The server holds a call that has no machine here: a ring, or what a reloaded page was in. PROTOCOL rows 26, 77. */
function onUnknown(line: Line, call: CallSnapshot): LineDecision {
  if (call.phase === "ringing" && call.role === "callee") return onIncoming(line, call);
  if (call.phase === "ended") return keep(line, []);
  const isOver = line.tombstones.some(({ callId }) => callId === call.callId);
  const canRestore = line.restoresCalls && call.mine && line.calls.length < line.capacity;
  return canRestore && !isOver ? restore(line, call, call.phase) : keep(line, [endAgain(call)]);
}

function restore(line: Line, call: CallSnapshot, phase: "ringing" | "active"): LineDecision {
  const { callId, role, remote, kind, rev, ringRemainingMs, generation = 1, ownMedia, ticket } = call;
  const restored = {
    phase,
    generation,
    ...(ownMedia ? { media: ownMedia } : {}),
    ...(ticket ? { ticket } : {}),
  };
  const input: CallInput = {
    callId,
    role,
    remote,
    kind,
    rev,
    ringRemainingMs,
    timers: line.timers,
    restored,
  };
  const standing = phase === "active" ? "answered" : "known";
  const entry: LineEntry = { callId, role, remote, kind, standing };
  return { calls: [...line.calls, entry], effects: [{ type: "call.start", input }] };
}

/** A call that was answered stays so when the server forgot it: the peers still talk. */
function synced(entry: LineEntry, calls: readonly CallSnapshot[]): LineEntry {
  const { standing, ...unknown } = entry;
  const call = calls.find(({ callId }) => callId === entry.callId);
  if (standing === "answered" || call?.phase === "active") return { ...entry, standing: "answered" };
  return call ? { ...entry, standing: "known" } : unknown;
}
