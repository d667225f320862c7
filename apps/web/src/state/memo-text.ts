import type { CallEnd, CallId } from "@peerline/call-machine";
import type { ChatEntry, PeerlineView } from "@peerline/client";
import { attempt } from "./attempt.ts";

/** What is kept of a call that goes on. */
export interface Memo {
  readonly callId: CallId;
  /** How long both had talked, in ms; absent: they had not begun. */
  readonly talkedMs?: number | undefined;
  /** When that was, in ms since 1970. */
  readonly at: number;
  /** Oldest first. */
  readonly chat: readonly ChatEntry[];
}

/** The newest lines, up to this many characters, are kept: a tab's storage has about five million. */
const maxChatLength = 500_000;

/** `memo` as text, without the oldest lines of a long chat. */
export function memoText(memo: Memo): string {
  let length = 0;
  const kept = memo.chat.toReversed().filter(({ text }) => {
    length += text.length;
    return length <= maxChatLength;
  });
  return JSON.stringify({ ...memo, chat: kept.toReversed() } satisfies Memo);
}

/** The memo of this call. What is none, or of another call or version, is nothing. */
export function readMemo(text: string | null, callId: CallId): Memo | undefined {
  const memo: Partial<Record<keyof Memo, unknown>> = Object(attempt(() => JSON.parse(text ?? "null")));
  const { at, talkedMs, chat } = memo;
  if (memo.callId !== callId || !isTime(at)) return undefined;
  return {
    callId,
    at,
    talkedMs: isTime(talkedMs) ? talkedMs : undefined,
    chat: Array.isArray(chat) ? chat.filter(isEntry) : [],
  };
}

/** How long calls were, by their ids, as `JSON.stringify` of their entries has kept it. */
export function readLengths(text: string | null): Map<CallId, number> {
  const pairs: unknown = attempt(() => JSON.parse(text ?? "[]"));
  const lengths = new Map<CallId, number>();
  for (const pair of Array.isArray(pairs) ? pairs : []) {
    const [callId, lengthMs]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    if (typeof callId === "string" && isTime(lengthMs)) lengths.set(callId, lengthMs);
  }
  return lengths;
}

/** The lines from before a reload and those since, each once. */
export function joinedChat(before: readonly ChatEntry[], since: readonly ChatEntry[]): readonly ChatEntry[] {
  if (before.length === 0) return since;
  const ids = new Set(before.map(({ id }) => id));
  return [...before, ...since.filter(({ id }) => !ids.has(id))];
}

/** `view` with these lengths of calls that are over. */
export function withLengths(view: PeerlineView, lengths: ReadonlyMap<CallId, number>): PeerlineView {
  if (lengths.size === 0) return view;
  const { call, recent } = view;
  return { ...view, call: call && mended(call, lengths), recent: recent.map((one) => mended(one, lengths)) };
}

function mended<T extends { readonly callId: CallId; readonly end: CallEnd | undefined }>(
  call: T,
  lengths: ReadonlyMap<CallId, number>,
): T {
  const talkedMs = lengths.get(call.callId);
  return call.end && talkedMs !== undefined ? { ...call, end: { ...call.end, talkedMs } } : call;
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Number.MAX_SAFE_INTEGER;
}

function isEntry(entry: unknown): entry is ChatEntry {
  const { id, from, text }: Partial<Record<keyof ChatEntry, unknown>> = Object(entry);
  return typeof id === "string" && typeof text === "string" && (from === "me" || from === "them");
}
