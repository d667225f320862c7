import type { CallId, EndReason, MediaKind, RemoteUser, Role } from "../types.ts";
import type { CallEnd } from "../view.ts";

/** An endpoint remembers this many ended calls, newest first. */
export const maxRecentCalls = 30;

/** An ended call of this endpoint, or one that was for its user and never rang here. */
export interface RecentCall {
  readonly callId: CallId;
  readonly role: Role;
  readonly remote: RemoteUser;
  readonly kind: MediaKind;
  /** `at`: when the server committed it, where it said so; a page that slept learns of it late. */
  readonly end: CallEnd;
  /** Someone called, and nobody took the call on any device. */
  readonly missed: boolean;
  /** The person knows of it. Calls that were not missed always are. */
  readonly seen: boolean;
}

/** What is known of a call at its end. */
export type EndedCall = Pick<RecentCall, "callId" | "role" | "remote" | "kind" | "end">;

const missedReasons: ReadonlySet<EndReason> = new Set(["cancelled", "no-answer", "busy", "unreachable"]);

/** Someone called this user and nobody took or refused the call on any device. PROTOCOL rows 9, 16, 18, 71. */
export function isMissed(role: Role, reason: EndReason): boolean {
  return role === "callee" && missedReasons.has(reason);
}

/**
 * `recent` with one more call, newest first; a call that is there already is told anew and keeps what the person has seen
 * of it. An own call that gave way to one that crossed it never was one. PROTOCOL row 1.
 */
export function withEnded(recent: readonly RecentCall[], call: EndedCall): readonly RecentCall[] {
  if (call.end.reason === "glare") return recent;
  const known = recent.find(({ callId }) => callId === call.callId);
  const missed = isMissed(call.role, call.end.reason);
  const entry: RecentCall = { ...call, missed, seen: !missed || (known?.seen ?? false) };
  return [entry, ...withoutCall(recent, call.callId)]
    .toSorted((a, b) => b.end.at - a.end.at)
    .slice(0, maxRecentCalls);
}

/** The person has seen these. The same list when nothing changed. */
export function withSeen(recent: readonly RecentCall[], callIds: readonly CallId[]): readonly RecentCall[] {
  const isNews = ({ callId, seen }: RecentCall) => !seen && callIds.includes(callId);
  return recent.some(isNews) ? recent.map((call) => (isNews(call) ? { ...call, seen: true } : call)) : recent;
}

/** It rings again: its end was only a guess. The same list when it is not there. */
export function withoutCall(recent: readonly RecentCall[], callId: CallId): readonly RecentCall[] {
  return recent.some((call) => call.callId === callId)
    ? recent.filter((call) => call.callId !== callId)
    : recent;
}
