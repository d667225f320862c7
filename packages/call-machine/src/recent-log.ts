import { type CallMemory, type Clock, type SignalingInput, wallTime } from "./ports.ts";
import type { SessionEffect } from "./session/events.ts";
import { type EndedCall, type RecentCall, withEnded, withoutCall, withSeen } from "./session/recent.ts";
import type { CallId } from "./types.ts";
import type { CallView } from "./view.ts";
import { momentMs } from "./wire/values.ts";

const oldestMs = 7 * 86_400_000;

/** The calls of one endpoint that are over, kept where there is a place for it. */
export interface RecentLog {
  /** Newest first; the same list until something changes. */
  list(): readonly RecentCall[];
  /** What ends while `take` runs has ended when the server says that `message` was committed. */
  during(message: SignalingInput, take: () => void): void;
  ended(view: CallView): void;
  missed(effect: Extract<SessionEffect, { type: "call.missed" }>): void;
  /** It rings, perhaps again. */
  rings(callId: CallId): void;
  see(callIds: readonly CallId[]): void;
  clear(): void;
}

/** `onChange` follows what is no change of a running call: those announce themselves. */
export function createRecentLog(
  { memory, clock }: { readonly memory?: CallMemory; readonly clock: Clock },
  user: string,
  onChange: () => void,
): RecentLog {
  let recent = memory?.loadRecent?.(user) ?? [];
  let committedAt: number | undefined;

  function become(next: readonly RecentCall[]): void {
    if (next === recent) return;
    recent = next;
    memory?.saveRecent?.(user, recent);
  }

  function add({ callId, role, remote, kind, end }: EndedCall): void {
    const at = isRecent(committedAt, wallTime(clock)) ? committedAt : end.at;
    become(withEnded(recent, { callId, role, remote, kind, end: { ...end, at } }));
  }

  return {
    list: () => recent,
    during(message, take) {
      committedAt = committedTime(message);
      try {
        take();
      } finally {
        committedAt = undefined;
      }
    },
    ended(view) {
      if (view.end) add({ ...view, end: view.end });
    },
    missed({ call, reason, by }) {
      add({ ...call, end: { reason, by, at: wallTime(clock), talkedMs: undefined } });
      onChange();
    },
    rings: (callId) => become(withoutCall(recent, callId)),
    see(callIds) {
      become(withSeen(recent, callIds));
      onChange();
    },
    clear: () => become([]),
  };
}

/** What the server delivers late was committed hours ago, not years, and not to come. */
function isRecent(at: number | undefined, now: number): at is number {
  return at !== undefined && at <= now && now - at < oldestMs;
}

/** In ms; `undefined`: the server did not say. */
function committedTime(message: SignalingInput): number | undefined {
  return message.type === "event" ? momentMs(message.event.at) : undefined;
}
