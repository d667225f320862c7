import { appendEntry, type Mailbox, type MailboxCaps, openMailbox, trimMailbox } from "../mailbox/mailbox.ts";
import type { Key, SetOptions, Transaction } from "./port.ts";

/** Everything the memory store holds. Versions tell whether something changed since it was read; absent is 0. */
export interface MemoryState {
  readonly values: Map<string, { value: unknown; expiresAt: number | undefined; version: number }>;
  readonly mailboxes: Map<string, { mailbox: Mailbox; version: number }>;
  readonly now: () => number;
}

type MailboxStep = (mailbox: Mailbox | undefined) => Mailbox | undefined;

/** What one attempt read and wants to write. A write of `undefined` deletes. */
export interface TransactionLog {
  readonly valueReads: Map<string, number>;
  readonly headReads: Map<string, number>;
  readonly writes: Map<string, { readonly value: unknown; readonly ttlMs: number | undefined }>;
  readonly mailboxes: Map<string, MailboxStep[]>;
}

/** One attempt over the present state. Appends are kept as steps, so that blind appends never conflict. */
export function createMemoryTransaction(state: MemoryState, caps: MailboxCaps) {
  const log: TransactionLog = {
    valueReads: new Map(),
    headReads: new Map(),
    writes: new Map(),
    mailboxes: new Map(),
  };
  const step = (name: string, run: MailboxStep) => {
    const steps = log.mailboxes.get(name);
    if (steps) steps.push(run);
    else log.mailboxes.set(name, [run]);
  };
  const transaction: Transaction = {
    async get<T>(key: Key<T>) {
      const own = log.writes.get(key.name);
      if (own) return own.value as T | undefined;
      const found = liveValue(state, key.name);
      if (!log.valueReads.has(key.name)) log.valueReads.set(key.name, found?.version ?? 0);
      return found?.value as T | undefined;
    },
    set<T>(key: Key<T>, value: T, options?: SetOptions) {
      log.writes.set(key.name, { value, ttlMs: options?.ttlMs });
    },
    delete(key) {
      log.writes.set(key.name, { value: undefined, ttlMs: undefined });
    },
    async head(name) {
      const committed = state.mailboxes.get(name);
      if (!log.headReads.has(name)) log.headReads.set(name, committed?.version ?? 0);
      const mailbox = applySteps(committed?.mailbox, log.mailboxes.get(name) ?? []);
      return mailbox && { epoch: mailbox.epoch, top: mailbox.top, trimmed: mailbox.trimmed };
    },
    open: (name, epoch) => step(name, () => openMailbox(epoch)),
    drop: (name) => step(name, () => undefined),
    append: (name, entry) => step(name, (mailbox) => mailbox && appendEntry(mailbox, entry, caps)),
    trim: (name, ackOffset) => step(name, (mailbox) => mailbox && trimMailbox(mailbox, ackOffset)),
  };
  return { transaction, log };
}

/** Whether nothing that the attempt read has changed since. */
export function isUnchanged(state: MemoryState, log: TransactionLog): boolean {
  for (const [name, version] of log.valueReads)
    if ((liveValue(state, name)?.version ?? 0) !== version) return false;
  for (const [name, version] of log.headReads) {
    if ((state.mailboxes.get(name)?.version ?? 0) !== version) return false;
  }
  return true;
}

export function applySteps(mailbox: Mailbox | undefined, steps: readonly MailboxStep[]): Mailbox | undefined {
  return steps.reduce<Mailbox | undefined>((box, run) => run(box), mailbox);
}

function liveValue(state: MemoryState, name: string) {
  const found = state.values.get(name);
  return found && (found.expiresAt === undefined || found.expiresAt > state.now()) ? found : undefined;
}
