import type { MailboxEntry, MailboxHead } from "../mailbox/mailbox.ts";

declare const valueType: unique symbol;

/** The name of a value, and at compile time its type. */
export interface Key<T> {
  readonly name: string;
  readonly [valueType]?: T;
}

export function key<T>(name: string): Key<T> {
  return { name };
}

export interface SetOptions {
  /** The value is gone this long after the commit. Default: it stays. */
  readonly ttlMs?: number;
}

/**
 * One attempt of a transaction. Reads see the committed state plus this attempt's own writes; writes and appends are
 * buffered and become visible to others together, at the commit.
 */
export interface Transaction {
  get<T>(key: Key<T>): Promise<T | undefined>;
  /** Values are plain data (what `structuredClone` copies) and must not be changed afterwards. */
  set<T>(key: Key<T>, value: T, options?: SetOptions): void;
  delete(key: Key<unknown>): void;
  head(mailbox: string): Promise<MailboxHead | undefined>;
  /** Starts an empty mailbox, in the place of an older one of the same name. */
  open(mailbox: string, epoch: string): void;
  drop(mailbox: string): void;
  /** Gives the event the next offset. An append to a mailbox that is not open is dropped. */
  append(mailbox: string, entry: Uint8Array): void;
  trim(mailbox: string, ackOffset: number): void;
}

/** A batch of events with the state they were read in. `entries` is undefined when some of them are gone. */
export interface MailboxRead {
  readonly head: MailboxHead;
  readonly entries: readonly MailboxEntry[] | undefined;
}

/**
 * Where calls, endpoints and mailboxes live. It decides nothing. An implementation must pass `storeContract`.
 * Failures of the store itself throw `ServerError` "store-unavailable". PROTOCOL 1.3.
 */
export interface Store {
  /**
   * When it began with nothing (server clock, ms): calls older than that may be alive and unknown. Absent: it forgets
   * nothing.
   */
  readonly emptySince?: number;
  /**
   * Runs `body`, then commits its writes atomically. When a key or mailbox head that it read has changed meanwhile
   * nothing is written and `body` runs again, so it must have no effect but through the transaction.
   */
  transact<T>(body: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** The events after `after`, at most `max`. `undefined`: there is no such mailbox. */
  read(mailbox: string, after: number, max: number): Promise<MailboxRead | undefined>;
  /** Calls `wake` after each commit that touched the mailbox, at least once; the result unsubscribes. */
  subscribe(mailbox: string, wake: () => void): () => void;
  close(): Promise<void>;
}
