import type { Key, Transaction } from "@peerline/server";
import type { UserEntry } from "@peerline/server/testing";
import { type Actor, keyOf } from "../names.ts";
import type { ServerInput, ServerState } from "./state.ts";

/** All epochs are this one: the layout knows which are lost. */
export const epochHex = "00000000000000ee";

/** An event for the mailbox of an actor. */
export interface Mail {
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** What one step changes and sends. */
export interface Attempt {
  readonly values: Record<string, unknown>;
  readonly mail: Mail[];
  readonly transaction: Transaction;
}

/** A transaction in memory over the server as it is; what belongs to the wires is answered for, and not kept. */
export function createAttempt(actors: readonly Actor[], server: ServerState, input: ServerInput): Attempt {
  const values = { ...server.values };
  const mail: Mail[] = [];
  const resumed = input.type === "hello" && input.resumed;
  const transaction: Transaction = {
    async get<T>(key: Key<T>) {
      return values[key.name] as T | undefined;
    },
    set(key, value) {
      if (!isOfWire(key.name))
        values[key.name] = key.name.startsWith("user:") ? inOrder(value as UserEntry) : value;
    },
    delete(key) {
      delete values[key.name];
    },
    async head() {
      return resumed ? { epoch: epochHex, top: 0, trimmed: 0 } : undefined;
    },
    open: () => undefined,
    drop: () => undefined,
    trim: () => undefined,
    append(mailbox, bytes) {
      const to = actors.findIndex((actor) => keyOf(actor) === mailbox);
      if (to >= 0) mail.push({ to, bytes });
    },
  };
  return { values, mail, transaction };
}

function isOfWire(name: string): boolean {
  return name.startsWith("session:");
}

/** Which of a user's endpoints came first decides nothing. */
function inOrder(entry: UserEntry): UserEntry {
  return { ...entry, endpoints: entry.endpoints.toSorted((a, b) => (a.key < b.key ? -1 : 1)) };
}
