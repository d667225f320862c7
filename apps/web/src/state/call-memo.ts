import type { CallId } from "@peerline/call-machine";
import type { ChatEntry, PeerlineView } from "@peerline/client";
import { joinedChat, memoText, readLengths, readMemo, withLengths } from "./memo-text.ts";
import type { TextStorage } from "./page-storage.ts";

const memoKey = "peerline.memo";
const lengthsKey = "peerline.lengths";
/** As many as a session keeps of the calls that are over. */
const maxLengths = 30;
/** How old the memo of a call may get, in ms. */
const saveEveryMs = 5_000;
/** No call waits longer for a page that is being reloaded, in ms. */
const longestGapMs = 180_000;

export interface CallMemoPorts {
  /** Of the tab. */
  readonly storage: TextStorage;
  /** Milliseconds that nobody can set, since any moment before this page's session began. */
  readonly steady: () => number;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
}

/**
 * What a reload must not take from a call: its chat and how long it has lasted. Kept in the tab for as long as the call goes on, and for one
 * call at a time; of calls that were reloaded their length alone is kept longer.
 */
export interface CallMemo {
  /** `view` with what was kept. To be called with each view, in order. */
  apply(view: PeerlineView): PeerlineView;
  /** How long both have talked, in ms; 0 before. */
  talkedMs(callId: CallId): number;
  /** The ids of the call's lines from before a reload: they were seen. */
  linesBefore(callId: CallId): ReadonlySet<string>;
  /** Forgets everything: the person signs out. */
  clear(): void;
}

interface Running {
  readonly callId: CallId;
  /** Steady reading at which both began to talk, before this page or in it. */
  readonly since: number | undefined;
  /** How long they had talked when this page first saw them talk: 0 unless it was reloaded. `undefined`: it has not yet. */
  readonly headStartMs: number | undefined;
  /** From before a reload. */
  readonly chat: readonly ChatEntry[];
}

export function createCallMemo({ storage, steady, wall }: CallMemoPorts): CallMemo {
  const lengths = readLengths(storage.getItem(lengthsKey));
  const bornAt = steady();
  let running: Running | undefined;
  let saved: { readonly chat: readonly ChatEntry[]; readonly at: number } | undefined;

  function takeUp(callId: CallId): Running {
    const memo = readMemo(storage.getItem(memoKey), callId);
    const gapMs = memo ? Math.min(Math.max(0, wall() - memo.at), longestGapMs) : 0;
    const since = memo?.talkedMs === undefined ? undefined : steady() - memo.talkedMs - gapMs;
    return { callId, since, headStartMs: undefined, chat: memo?.chat ?? [] };
  }

  function goOn(view: PeerlineView, callId: CallId, isLive: boolean): PeerlineView {
    if (running?.callId !== callId) running = takeUp(callId);
    if (isLive && running.headStartMs === undefined) {
      const since = running.since ?? steady();
      running = { ...running, since, headStartMs: steady() - since };
    }
    const added = view.details?.chat ?? [];
    const chat = joinedChat(running.chat, added);
    save(running, added, chat);
    return view.details && chat !== added ? { ...view, details: { ...view.details, chat } } : view;
  }

  function save({ callId, since }: Running, added: readonly ChatEntry[], chat: readonly ChatEntry[]): void {
    const now = steady();
    if (saved?.chat === added && now - saved.at < saveEveryMs) return;
    saved = { chat: added, at: now };
    const talkedMs = since === undefined ? undefined : now - since;
    storage.setItem(memoKey, memoText({ callId, talkedMs, at: wall(), chat }));
  }

  /** The session knows the length of what this page saw; before that there may have been more. */
  function finish({ callId, since, headStartMs }: Running, talkedMs: number | undefined): void {
    if (since === undefined || headStartMs === 0) return;
    lengths.set(callId, talkedMs === undefined ? steady() - since : talkedMs + (headStartMs ?? 0));
    storage.setItem(lengthsKey, JSON.stringify([...lengths].slice(-maxLengths)));
  }

  function forget(): void {
    running = undefined;
    saved = undefined;
    storage.removeItem(memoKey);
  }

  return {
    apply(view) {
      const { call } = view;
      if (call && call.phase !== "ended") {
        return withLengths(goOn(view, call.callId, call.liveSince !== undefined), lengths);
      }
      if (call && running?.callId === call.callId) {
        finish(running, call.end?.talkedMs);
        forget();
      }
      // Nobody came back to the call that was kept.
      if (view.link === "online" && steady() - bornAt > longestGapMs) forget();
      return withLengths(view, lengths);
    },
    talkedMs: (callId) =>
      running?.callId === callId && running.since !== undefined ? steady() - running.since : 0,
    linesBefore: (callId) => new Set(running?.callId === callId ? running.chat.map(({ id }) => id) : []),
    clear() {
      forget();
      lengths.clear();
      storage.removeItem(lengthsKey);
    },
  };
}
