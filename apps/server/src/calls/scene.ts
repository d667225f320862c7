import type { CallRecord } from "@peerline/call-machine/record";
import type { CallState, PresenceSet, PresenceSubscribe } from "@peerline/protocol";
import type { Identity } from "../auth/identity.ts";
import { ServerError } from "../errors/server-error.ts";
import type { Services } from "../services.ts";
import type { EndpointEntry } from "../session/user-entry.ts";
import type { Transaction } from "../store/port.ts";

/** What must happen once a transaction is committed. Collected anew on every attempt. */
export type Effect =
  /** `abandoned`: see `isAbandoned`. */
  | {
      readonly type: "call";
      readonly before: CallRecord | undefined;
      readonly after: CallRecord;
      readonly abandoned?: boolean;
    }
  | { readonly type: "presence.subscribe"; readonly key: string; readonly subscribe: PresenceSubscribe }
  | { readonly type: "presence.set"; readonly key: string; readonly set: PresenceSet };

/** One attempt of a change: the transaction, the time, and the effects so far. */
export interface Scene {
  readonly transaction: Transaction;
  readonly now: number;
  readonly services: Services;
  readonly effects: Effect[];
}

/** One attempt of a command. */
export interface CommandScene extends Scene {
  readonly identity: Identity;
  readonly key: string;
  readonly endpoint: EndpointEntry;
}

/** What a command came to; becomes its `CommandResult`. A refusal is thrown as `ServerError`. */
export interface Outcome {
  readonly applied: boolean;
  readonly state?: CallState;
  /** Proof of being a party. */
  readonly ticket?: Uint8Array;
}

/** Unknown call and not a party: one answer, so that nobody can probe. PROTOCOL 1.10. */
export function noSuchCall(): ServerError {
  return new ServerError(
    "no-such-call",
    "There is no such call, or this endpoint is not a party of it. End it locally.",
  );
}
