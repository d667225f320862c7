import type { Life } from "./lives.ts";

/** The result of a command, kept for a client that did not hear it. */
export interface StoredResult {
  readonly seq: number;
  /** A `CommandResult`, encoded. */
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** What one endpoint's next request is judged by. PROTOCOL 1.2, 1.3. */
export interface SessionEntry {
  /** Whose stream was opened last; undefined: it did not say. */
  readonly life: Life | undefined;
  /** Of the newest stream. */
  readonly generation: number;
  /** Highest client_seq executed in the present epoch. */
  readonly lastSeq: number;
  readonly results: readonly StoredResult[];
  /** Message ids of the latest relays, hex; kept across epochs. */
  readonly relayIds: readonly string[];
}

export const emptySession: SessionEntry = {
  life: undefined,
  generation: 0,
  lastSeq: 0,
  results: [],
  relayIds: [],
};

/** What to do with a command: run it, answer as before, or refuse it. */
export type SequenceVerdict =
  | { readonly kind: "run" }
  | { readonly kind: "stored"; readonly bytes: Uint8Array }
  /** Executed, but the result is no longer kept: only a snapshot tells the truth. */
  | { readonly kind: "forgotten" }
  | { readonly kind: "gap"; readonly expectedSeq: number };

const maxRelayIds = 64;

/** PROTOCOL 1.3: a command runs once, in order. */
export function judgeSequence(session: SessionEntry, seq: number, keptSince: number): SequenceVerdict {
  if (seq === session.lastSeq + 1) return { kind: "run" };
  if (seq > session.lastSeq) return { kind: "gap", expectedSeq: session.lastSeq + 1 };
  const stored = session.results.find((result) => result.seq === seq);
  return stored && stored.at >= keptSince ? { kind: "stored", bytes: stored.bytes } : { kind: "forgotten" };
}

/** The session after a command ran. Keeps the `maxResults` newest results that are not older than `keptSince`. */
export function withResult(
  session: SessionEntry,
  result: StoredResult,
  options: { readonly maxResults: number; readonly keptSince: number },
): SessionEntry {
  const kept = [...session.results, result]
    .filter(({ at }) => at >= options.keptSince)
    .slice(-options.maxResults);
  return { ...session, lastSeq: result.seq, results: kept };
}

/** A fresh epoch: sequence numbers start again, relays stay known. */
export function restartedSession(session: SessionEntry): SessionEntry {
  return { ...session, lastSeq: 0, results: [] };
}

/** `undefined`: this message has been relayed before. */
export function withRelay(session: SessionEntry, messageId: string): SessionEntry | undefined {
  if (session.relayIds.includes(messageId)) return undefined;
  return { ...session, relayIds: [...session.relayIds, messageId].slice(-maxRelayIds) };
}
