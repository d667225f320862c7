import type { CallEvent } from "../call/events.ts";
import type { EndedBy, EndReason } from "../types.ts";
import { type LineEntry, maxTombstones, type SessionContext } from "./context.ts";
import type { SessionEffect } from "./events.ts";
import { isMissed } from "./recent.ts";

type Unrung = Pick<SessionContext, "unrung">;

/**
 * A call that did not ring here, if it was missed. Not while the person is on the line with the very user who called: they
 * called each other, and one of the two calls lives. PROTOCOL rows 1, 18.
 */
export function missedHere(
  { calls }: Pick<SessionContext, "calls">,
  call: LineEntry,
  end: { readonly reason: EndReason; readonly by: EndedBy },
): readonly SessionEffect[] {
  if (!isMissed(call.role, end.reason)) return [];
  if (calls.some(({ remote }) => remote.user === call.remote.user)) return [];
  return [{ type: "call.missed", call, ...end }];
}

/** Too late to ring here; another device may still take it. */
export function waitForEnd({ unrung }: Unrung, call: LineEntry): readonly LineEntry[] {
  return [call, ...unrung.filter(({ callId }) => callId !== call.callId)].slice(0, maxTombstones);
}

/** The end of a call that came too late to ring here. `undefined`: it is something else. */
export function onUnrungEnded(
  line: Pick<SessionContext, "calls" | "unrung">,
  callId: string,
  event: CallEvent,
): { readonly effects: readonly SessionEffect[]; readonly unrung: readonly LineEntry[] } | undefined {
  const call = line.unrung.find((passed) => passed.callId === callId);
  if (!call || event.type !== "remote.ended") return undefined;
  return {
    effects: missedHere(line, call, { reason: event.reason, by: event.by }),
    unrung: line.unrung.filter((other) => other !== call),
  };
}
