import type { CallInput } from "../call/context.ts";
import type { CallSnapshot, MediaKind, Talk } from "../types.ts";
import { type LineEntry, minRingRemainingMs, type Tombstone } from "./context.ts";
import type { SessionEffect } from "./events.ts";
import { deliver, endAgain, entryOf, keep, type Line, type LineDecision, withTombstone } from "./line.ts";
import { missedHere, waitForEnd } from "./missed.ts";

/** Someone calls: ring, take it for the call that crossed it, be busy, or recall that it is over. PROTOCOL 2.3 rows 11, 12. */
export function onIncoming(line: Line, call: CallSnapshot): LineDecision {
  if (line.calls.some(({ callId }) => callId === call.callId)) {
    return keep(line, [deliver(call.callId, { type: "server.synced", call })]);
  }
  const tombstone = line.tombstones.find(({ callId }) => callId === call.callId);
  if (tombstone) return keep(line, tombstone.by === "me" ? [endAgain(tombstone)] : []);
  const replaced = replacedHere(line, call);
  if (replaced) return replaced;
  const crossed = crossing(line, call);
  if (crossed) return withoutRinging(takeCrossing(line, crossed, call), crossed.callId);
  if (call.ringRemainingMs < minRingRemainingMs)
    return { ...keep(line, []), unrung: waitForEnd(line, entryOf(call)) };
  if (line.calls.length >= line.capacity) return turnAway(line, call);
  return start(line, call, { autoAccept: line.autoAccept });
}

/**
 * A new call in the place of the one that this endpoint was talking in: it goes on by itself, sending no more than before. When
 * the end of the old one was not heard, what it sent is not known, and the new one rings. PROTOCOL 1.5 Recall.
 */
function replacedHere(line: Line, call: CallSnapshot): LineDecision | undefined {
  const old = line.calls.find(({ callId }) => callId === call.replaces);
  if (old) return takeInstead(line, old, call, { autoAccept: line.autoAccept, because: "replaced" });
  const talk = line.tombstones.find(({ callId }) => callId === call.replaces)?.gaveWay;
  if (!talk || line.calls.length >= line.capacity) return undefined;
  return start(line, call, { autoAccept: talk.kind, sends: talk });
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
  return takeCrossing(line, own, call);
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

/** Both dialed: who waits for an answer has accepted already. */
function takeCrossing(line: Line, own: LineEntry, call: CallSnapshot): LineDecision {
  return takeInstead(line, own, call, { autoAccept: own.kind, because: "glare" });
}

interface Taking {
  /** Accept by itself with at most this. */
  readonly autoAccept: MediaKind | undefined;
  readonly sends?: Talk;
}

function takeInstead(
  line: Line,
  own: LineEntry,
  call: CallSnapshot,
  { because, ...taking }: Taking & { readonly because: "glare" | "replaced" },
): LineDecision {
  const rest = { ...line, calls: line.calls.filter(({ callId }) => callId !== own.callId) };
  const taken = start(rest, call, taking);
  // The new call opens first, so that devices which are open already are handed over instead of reopened.
  return { calls: taken.calls, effects: [...taken.effects, drop(own.callId, because)] };
}

/** The own Invite may still be on its way, and must not ring when it arrives behind the end of theirs. */
function withoutRinging({ calls, effects }: LineDecision, callId: string): LineDecision {
  return {
    calls,
    effects: [...effects, { type: "signal", callId, command: { type: "end", reason: "glare" } }],
  };
}

function drop(callId: string, reason: "glare" | "replaced" = "glare"): SessionEffect {
  return deliver(callId, { type: "server.refused", reason });
}

function start(line: Line, call: CallSnapshot, taking: Taking): LineDecision {
  const autoAccept = smaller(taking.autoAccept, call.kind);
  const { sends } = taking;
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
    ...(sends ? { sends } : {}),
    ...(line.earlyAnswer ? { earlyAnswer: true } : {}),
    ...(call.fingerprints ? { fingerprints: call.fingerprints } : {}),
  };
  return { calls: [...line.calls, entryOf(call)], effects: [{ type: "call.start", input }] };
}

const sizes: Record<MediaKind, number> = { data: 0, audio: 1, video: 2 };

function smaller(mine: MediaKind | undefined, theirs: MediaKind): MediaKind | undefined {
  if (mine === undefined) return undefined;
  return sizes[mine] < sizes[theirs] ? mine : theirs;
}
