import type { CallInput, CallOutput } from "../call/context.ts";
import type { CallEvent } from "../call/events.ts";
import type { CallSnapshot, MediaKind } from "../types.ts";
import {
  type LineEntry,
  maxTombstones,
  minRingRemainingMs,
  type SessionContext,
  type Tombstone,
} from "./context.ts";
import type { SessionEffect } from "./events.ts";
import { missedHere, onUnrungEnded, waitForEnd } from "./missed.ts";

/** What a session decision comes to: the calls it now knows, and what is to be done. */
export interface LineDecision {
  readonly calls: readonly LineEntry[];
  readonly effects: readonly SessionEffect[];
  /** Absent: as they were. */
  readonly tombstones?: readonly Tombstone[];
  /** Absent: as they were. */
  readonly unrung?: readonly LineEntry[];
}

type Line = Pick<
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

/** Someone calls: ring, take it for the call that crossed it, be busy, or recall that it is over. PROTOCOL 2.3 rows 11, 12. */
export function onIncoming(line: Line, call: CallSnapshot): LineDecision {
  if (line.calls.some(({ callId }) => callId === call.callId)) {
    return keep(line, [deliver(call.callId, { type: "server.synced", call })]);
  }
  const tombstone = line.tombstones.find(({ callId }) => callId === call.callId);
  if (tombstone) return keep(line, tombstone.by === "me" ? [endAgain(tombstone)] : []);
  const crossed = crossing(line, call);
  if (crossed) return withoutRinging(takeInstead(line, crossed, call), crossed.callId);
  if (call.ringRemainingMs < minRingRemainingMs)
    return { ...keep(line, []), unrung: waitForEnd(line, entryOf(call)) };
  if (line.calls.length >= line.capacity) return turnAway(line, call);
  return start(line, call, smaller(line.autoAccept, call.kind));
}

/** Said once is said for good: a snapshot that has the call once more, when the line is free, must not make it ring. */
function turnAway(line: Line, call: CallSnapshot): LineDecision {
  const away: Tombstone = { callId: call.callId, by: "me", busy: true };
  const missed = missedHere(line, entryOf(call), { reason: "busy", by: "me" });
  return { ...keep(line, [endAgain(away), ...missed]), tombstones: withTombstone(line, away) };
}

/** The server turned someone away: nothing rings, the person learns of it. PROTOCOL row 18. */
export function onMissed(line: Line, call: CallSnapshot): LineDecision {
  const { callId, endReason: reason = "unreachable" } = call;
  const isKnown = [...line.calls, ...line.tombstones].some((known) => known.callId === callId);
  return keep(line, isKnown ? [] : missedHere(line, entryOf(call), { reason, by: "server" }));
}

/** Own Invite was answered with the other side's call. */
export function onCrossed(line: Line, callId: string, call: CallSnapshot): LineDecision {
  const own = line.calls.find((entry) => entry.callId === callId);
  if (!own || own.standing === "answered") return keep(line, []);
  if (line.calls.some((entry) => entry.callId === call.callId)) return keep(line, [drop(callId)]);
  const tombstone = line.tombstones.find((over) => over.callId === call.callId);
  if (tombstone?.by === "me") return keep(line, [endAgain(tombstone), drop(callId)]);
  return takeInstead(line, own, call);
}

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

/** Signals for a call: to its machine, or, when it is over here and the server thinks otherwise, the end again. */
export function onSignalled(line: Line, callId: string, event: CallEvent): LineDecision {
  if (line.calls.some((entry) => entry.callId === callId)) {
    const calls = line.calls.map((entry) => (entry.callId === callId ? told(entry, event) : entry));
    return { calls, effects: [deliver(callId, event)] };
  }
  const passed = onUnrungEnded(line, callId, event);
  if (passed) return { calls: line.calls, ...passed };
  const tombstone = line.tombstones.find((over) => over.callId === callId);
  // A call of a life before a reload, which the server knows again by the peer's ticket: there is nothing to restore from.
  const isForgotten = !tombstone && event.type === "remote.accepted";
  const mustEnd = isForgotten || (tombstone && livesOn(tombstone, event));
  const decision = keep(line, mustEnd ? [endAgain(tombstone ?? { callId })] : []);
  return tombstone && event.type === "server.invited" && event.ticket
    ? { ...decision, tombstones: ticketed(line, tombstone, event.ticket) }
    : decision;
}

/** The ticket that came after the cancel: with it the End can be said to a server that forgot the call. */
function ticketed({ tombstones }: Line, tombstone: Tombstone, ticket: string): readonly Tombstone[] {
  return tombstones.map((known) => (known === tombstone ? { ...known, ticket } : known));
}

/** The server shows a call as live that is over here, and may not have been told so. PROTOCOL 2.3 row 20, invariant 10. */
function livesOn({ by }: Tombstone, event: CallEvent): boolean {
  if (event.type === "server.accepted" || event.type === "remote.accepted") return true;
  return event.type === "server.invited" && by !== "me";
}

function told(entry: LineEntry, { type }: CallEvent): LineEntry {
  if (type === "remote.accepted") return { ...entry, standing: "answered" };
  const isKnown = type === "server.invited" || type === "remote.alerting";
  return isKnown && !entry.standing ? { ...entry, standing: "known" } : entry;
}

/** A call that was answered stays so when the server forgot it: the peers still talk. */
function synced(entry: LineEntry, calls: readonly CallSnapshot[]): LineEntry {
  const { standing, ...unknown } = entry;
  const call = calls.find(({ callId }) => callId === entry.callId);
  if (standing === "answered" || call?.phase === "active") return { ...entry, standing: "answered" };
  return call ? { ...entry, standing: "known" } : unknown;
}

/** The call's machine has ended. */
export function onFinished(
  line: Line,
  output: CallOutput,
): { calls: readonly LineEntry[]; tombstones: readonly Tombstone[] } {
  const calls = line.calls.filter(({ callId }) => callId !== output.callId);
  if (output.mayRingAgain) return { calls, tombstones: line.tombstones };
  const { callId, by, ticket } = output;
  return { calls, tombstones: withTombstone(line, { callId, by, ...(ticket ? { ticket } : {}) }) };
}

function withTombstone({ tombstones }: Line, tombstone: Tombstone): readonly Tombstone[] {
  return [tombstone, ...tombstones].slice(0, maxTombstones);
}

/**
 * The person's own outgoing call to the very user who is calling: the server's order made theirs the one that lives. Not
 * when the server has taken the own one: then theirs is over already, and its end is on the way.
 */
function crossing(line: Line, call: CallSnapshot): LineEntry | undefined {
  return line.calls.find(
    (entry) => entry.role === "caller" && !entry.standing && entry.remote.user === call.remote.user,
  );
}

function takeInstead(line: Line, own: LineEntry, call: CallSnapshot): LineDecision {
  const rest = { ...line, calls: line.calls.filter(({ callId }) => callId !== own.callId) };
  const taken = start(rest, call, smaller(own.kind, call.kind));
  // The new call opens first, so that devices which are open already are handed over instead of reopened.
  return { calls: taken.calls, effects: [...taken.effects, drop(own.callId)] };
}

/** The own Invite may still be on its way, and must not ring when it arrives behind the end of theirs. */
function withoutRinging({ calls, effects }: LineDecision, callId: string): LineDecision {
  return {
    calls,
    effects: [...effects, { type: "signal", callId, command: { type: "end", reason: "glare" } }],
  };
}

function drop(callId: string): SessionEffect {
  return deliver(callId, { type: "server.refused", reason: "glare" });
}

function start(line: Line, call: CallSnapshot, autoAccept: MediaKind | undefined): LineDecision {
  const offer = call.descriptions.findLast(({ type }) => type === "offer");
  const input: CallInput = {
    callId: call.callId,
    role: "callee",
    remote: call.remote,
    kind: call.kind,
    timers: line.timers,
    rev: call.rev,
    ...(offer ? { offer } : {}),
    candidates: call.candidates,
    ringRemainingMs: call.ringRemainingMs,
    replaying: line.replaying,
    ...(autoAccept ? { autoAccept } : {}),
    ...(line.earlyAnswer ? { earlyAnswer: true } : {}),
    ...(call.fingerprints ? { fingerprints: call.fingerprints } : {}),
  };
  return { calls: [...line.calls, entryOf(call)], effects: [{ type: "call.start", input }] };
}

function entryOf({ callId, role, remote, kind }: CallSnapshot): LineEntry {
  return { callId, role, remote, kind };
}

const sizes: Record<MediaKind, number> = { data: 0, audio: 1, video: 2 };

function smaller(mine: MediaKind | undefined, theirs: MediaKind): MediaKind | undefined {
  if (mine === undefined) return undefined;
  return sizes[mine] < sizes[theirs] ? mine : theirs;
}

function keep(line: Line, effects: readonly SessionEffect[]): LineDecision {
  return { calls: line.calls, effects };
}

function deliver(callId: string, event: CallEvent): SessionEffect {
  return { type: "call.deliver", callId, event };
}

/** What this endpoint said of a call already, or would say of one that it knows nothing of. */
function endAgain({ callId, busy }: Pick<Tombstone, "callId" | "busy">): SessionEffect {
  return { type: "signal", callId, command: { type: "end", reason: busy ? "busy" : "hung-up" } };
}
