import type { CallRecord } from "@peerline/call-machine/record";
import type { Key, Store, Transaction } from "@peerline/server";
import {
  type CallEntry,
  callKey,
  type SessionEntry,
  sessionKey,
  type UserEntry,
  userKey,
} from "@peerline/server/testing";

/** What a server committed, in order: the truth that everyone is measured by. */
export interface Ledger {
  /** Every state of each call, oldest first. */
  readonly calls: ReadonlyMap<string, readonly CallRecord[]>;
  /** The events of each mailbox, by epoch, from offset 1. Encoded, without the offset. */
  readonly mailboxes: ReadonlyMap<string, ReadonlyMap<string, readonly Uint8Array[]>>;
  /** The sequence numbers that were executed, in order, by mailbox epoch. */
  readonly executions: ReadonlyMap<string, readonly number[]>;
  /** What each user has now. */
  readonly users: ReadonlyMap<string, UserEntry>;
  /** The most that any of these held at any time. */
  readonly peaks: { results: number; mailboxEvents: number };
}

interface Step {
  readonly mailbox: string;
  /** Undefined: an append of `bytes`; a string opens; null drops. */
  readonly epoch?: string | null;
  readonly bytes?: Uint8Array;
}

interface Attempt {
  readonly writes: Map<string, unknown>;
  readonly steps: Step[];
}

interface Book extends Ledger {
  readonly calls: Map<string, CallRecord[]>;
  readonly mailboxes: Map<string, Map<string, Uint8Array[]>>;
  readonly executions: Map<string, number[]>;
  readonly users: Map<string, UserEntry>;
  readonly sessions: Map<string, SessionEntry>;
  readonly epochs: Map<string, string>;
}

const callPrefix = callKey("").name;
const sessionPrefix = sessionKey("").name;
const userPrefix = userKey("").name;

/** The same store, with everything that it commits written down. */
export function tapStore(store: Store): { readonly store: Store; readonly ledger: Ledger } {
  const book: Book = {
    calls: new Map(),
    mailboxes: new Map(),
    executions: new Map(),
    users: new Map(),
    peaks: { results: 0, mailboxEvents: 0 },
    sessions: new Map(),
    epochs: new Map(),
  };
  return {
    ledger: book,
    store: {
      ...store,
      async transact(body) {
        let attempt: Attempt = { writes: new Map(), steps: [] };
        const result = await store.transact((transaction) => {
          attempt = { writes: new Map(), steps: [] };
          return body(watched(transaction, attempt));
        });
        note(book, attempt);
        return result;
      },
    },
  };
}

function watched(transaction: Transaction, { writes, steps }: Attempt): Transaction {
  return {
    ...transaction,
    set<T>(key: Key<T>, value: T, options?: Parameters<Transaction["set"]>[2]) {
      writes.set(key.name, value);
      transaction.set(key, value, options);
    },
    delete(key) {
      writes.set(key.name, undefined);
      transaction.delete(key);
    },
    open(mailbox, epoch) {
      steps.push({ mailbox, epoch });
      transaction.open(mailbox, epoch);
    },
    drop(mailbox) {
      steps.push({ mailbox, epoch: null });
      transaction.drop(mailbox);
    },
    append(mailbox, bytes) {
      steps.push({ mailbox, bytes });
      transaction.append(mailbox, bytes);
    },
  };
}

function note(book: Book, { writes, steps }: Attempt): void {
  for (const step of steps) noteStep(book, step);
  for (const [name, value] of writes) {
    if (name.startsWith(callPrefix)) noteCall(book, value as CallEntry | undefined);
    if (name.startsWith(userPrefix))
      noteUser(book, name.slice(userPrefix.length), value as UserEntry | undefined);
    if (name.startsWith(sessionPrefix)) {
      noteSession(book, name.slice(sessionPrefix.length), value as SessionEntry | undefined);
    }
  }
}

function noteStep({ epochs, mailboxes, peaks }: Book, { mailbox, epoch, bytes }: Step): void {
  if (epoch === null) epochs.delete(mailbox);
  else if (epoch !== undefined) {
    epochs.set(mailbox, epoch);
    const logs = mailboxes.get(mailbox) ?? new Map<string, Uint8Array[]>();
    mailboxes.set(mailbox, logs.set(epoch, []));
  }
  const log = mailboxes.get(mailbox)?.get(epochs.get(mailbox) ?? "");
  if (!bytes || !log) return;
  log.push(bytes);
  peaks.mailboxEvents = Math.max(peaks.mailboxEvents, log.length);
}

function noteCall({ calls }: Book, entry: CallEntry | undefined): void {
  if (!entry) return;
  const { record } = entry;
  const history = calls.get(record.callId) ?? [];
  if (history.at(-1) !== record) history.push(record);
  calls.set(record.callId, history);
}

function noteUser({ users }: Book, user: string, entry: UserEntry | undefined): void {
  if (entry) users.set(user, entry);
  else users.delete(user);
}

/** A result that was not there before is an execution. */
function noteSession(book: Book, key: string, entry: SessionEntry | undefined): void {
  const before = book.sessions.get(key);
  if (entry) book.sessions.set(key, entry);
  else book.sessions.delete(key);
  const last = entry?.results.at(-1);
  if (!entry || !last || last === before?.results.at(-1)) return;
  book.peaks.results = Math.max(book.peaks.results, entry.results.length);
  const name = `${key} ${book.epochs.get(key) ?? ""}`;
  book.executions.set(name, [...(book.executions.get(name) ?? []), last.seq]);
}
