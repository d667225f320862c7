import type { Clock } from "@peerline/call-machine";
import { ServerError } from "../errors/server-error.ts";
import { type MailboxCaps, readAfter } from "../mailbox/mailbox.ts";
import {
  applySteps,
  createMemoryTransaction,
  isUnchanged,
  type MemoryState,
  type TransactionLog,
} from "./memory-transaction.ts";
import type { Store } from "./port.ts";

const maxAttempts = 64;
const sweepEveryMs = 60_000;

/** Everything in this process, nothing on disk: a restart forgets all. `caps` bound each mailbox. */
export function createMemoryStore(options: { readonly clock: Clock; readonly caps: MailboxCaps }): Store {
  const { clock, caps } = options;
  const state: MemoryState = { values: new Map(), mailboxes: new Map(), now: clock.now };
  const wakers = createWakers();
  const sweeper = createSweeper(clock, state);
  let version = 0;

  const commit = (log: TransactionLog) => {
    version += 1;
    for (const [name, { value, ttlMs }] of log.writes) {
      if (value === undefined) state.values.delete(name);
      else {
        const expiresAt = ttlMs === undefined ? undefined : clock.now() + ttlMs;
        state.values.set(name, { value, expiresAt, version });
        if (ttlMs !== undefined) sweeper.arm();
      }
    }
    for (const [name, steps] of log.mailboxes) {
      const mailbox = applySteps(state.mailboxes.get(name)?.mailbox, steps);
      if (mailbox) state.mailboxes.set(name, { mailbox, version });
      else state.mailboxes.delete(name);
    }
    for (const name of log.mailboxes.keys()) wakers.wake(name);
  };

  return {
    emptySince: clock.now(),
    async transact(body) {
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        const { transaction, log } = createMemoryTransaction(state, caps);
        const result = await body(transaction);
        if (!isUnchanged(state, log)) continue;
        commit(log);
        return result;
      }
      throw new ServerError("store-unavailable", "Too many changes at once to the same call. Try again.");
    },
    async read(name, after, max) {
      const mailbox = state.mailboxes.get(name)?.mailbox;
      if (!mailbox) return undefined;
      const { epoch, top, trimmed } = mailbox;
      return { head: { epoch, top, trimmed }, entries: readAfter(mailbox, after, max) };
    },
    subscribe: wakers.subscribe,
    async close() {
      sweeper.cancel();
    },
  };
}

function createWakers() {
  const wakers = new Map<string, Set<() => void>>();
  return {
    wake(name: string) {
      for (const wake of wakers.get(name) ?? []) wake();
    },
    subscribe(name: string, wake: () => void) {
      const set = wakers.get(name) ?? new Set();
      wakers.set(name, set.add(wake));
      return () => {
        set.delete(wake);
        if (set.size === 0 && wakers.get(name) === set) wakers.delete(name);
      };
    },
  };
}

/** Frees values whose time is over; reads already treat them as gone. */
function createSweeper(clock: Clock, state: MemoryState) {
  let cancel: (() => void) | undefined;
  const sweep = () => {
    cancel = undefined;
    let waiting = false;
    for (const [name, { expiresAt }] of state.values) {
      if (expiresAt === undefined) continue;
      if (expiresAt <= clock.now()) state.values.delete(name);
      else waiting = true;
    }
    if (waiting) arm();
  };
  const arm = () => {
    cancel ??= clock.setTimer(clock.now() + sweepEveryMs, sweep);
  };
  return { arm, cancel: () => cancel?.() };
}
