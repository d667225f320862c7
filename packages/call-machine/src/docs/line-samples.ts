import type { CallInput } from "../call/context.ts";
import { initialSession, type LineEntry, type SessionContext } from "../session/context.ts";
import type { SessionEffect } from "../session/events.ts";
import { type CallSnapshot, defaultTimers } from "../types.ts";
import { sampleCandidates, sampleOffer } from "./call-samples.ts";
import { ids, remotes } from "./session-samples.ts";

/** A line with nothing on it, changed. */
export function line(changes: Partial<SessionContext> = {}): SessionContext {
  return { ...initialSession({ user: "ana" }), replaying: false, ...changes };
}

export const own: LineEntry = { callId: ids.own, role: "caller", remote: remotes.ben, kind: "audio" };
export const theirs: LineEntry = { callId: ids.theirs, role: "callee", remote: remotes.ben, kind: "video" };
export const other: LineEntry = { callId: ids.other, role: "callee", remote: remotes.eve, kind: "video" };

export function starts(changes: Partial<CallInput> = {}): SessionEffect {
  return {
    type: "call.start",
    input: {
      callId: ids.theirs,
      role: "callee",
      remote: remotes.ben,
      kind: "video",
      timers: defaultTimers,
      rev: 1,
      offer: sampleOffer,
      candidates: [sampleCandidates],
      ringRemainingMs: 60_000,
      replaying: false,
      ...changes,
    },
  };
}

export const ends = (callId: string, reason: "hung-up" | "busy"): SessionEffect => ({
  type: "signal",
  callId,
  command: { type: "end", reason },
});
export const turnedAway = (callId: string) => ({ callId, by: "me", busy: true }) as const;
export const missed = (
  call: LineEntry,
  reason: "busy" | "no-answer",
  by: "me" | "server",
): SessionEffect => ({
  type: "call.missed",
  call,
  reason,
  by,
});
export const refusedByGlare: SessionEffect = {
  type: "call.deliver",
  callId: ids.own,
  event: { type: "server.refused", reason: "glare" },
};
export const syncs = (callId: string, call: CallSnapshot | undefined): SessionEffect => ({
  type: "call.deliver",
  callId,
  event: { type: "server.synced", call },
});
