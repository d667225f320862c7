import { create } from "@bufbuild/protobuf";
import {
  type Command,
  type CommandResult,
  CommandResultSchema,
  ErrorCode,
  type Event,
  type Snapshot,
  SnapshotSchema,
} from "@peerline/protocol";
import type { Clock } from "../ports.ts";
import type { CallRecord, Endpoint } from "../record/index.ts";
import { type CallLedger, createCallLedger } from "./call-ledger.ts";
import { stateOf } from "./call-state.ts";
import { type CallStore, executeCommand } from "./call-store.ts";
import { createMailbox, type Mailbox } from "./mailbox.ts";
import { seededRandom } from "./random.ts";

export interface ExchangeOptions {
  readonly clock: Clock;
  /** How long calls ring. Default 60 s. */
  readonly ringMs?: number;
  /** For epochs and party ids. Default 1. */
  readonly seed?: number;
}

/**
 * A signaling server in memory, built on the real record functions: mailboxes with epochs and offsets, commands executed
 * once per number, ring deadlines, replay, snapshots. Descriptions and candidates pass unread. Leases, presence, relays
 * and tickets are not modelled. PROTOCOL 1.2, 1.3, 1.5.
 */
export interface Exchange {
  attach(options: ExchangeEndpointOptions): ExchangeEndpoint;
  /** The server's truth about a call. */
  record(callId: string): CallRecord | undefined;
  records(): readonly CallRecord[];
  /** Crashes with an empty store: no call and no mailbox is left. */
  forget(): void;
}

export interface ExchangeEndpointOptions {
  readonly user: string;
  readonly displayName?: string;
  readonly deviceLabel?: string;
  /** False: places calls only. Default true. */
  readonly takesCalls?: boolean;
}

/** Position in an endpoint's mailbox. */
export interface ExchangeCursor {
  readonly epoch: string;
  readonly offset: number;
}

export interface ExchangeHello {
  readonly epoch: string;
  readonly resumed: boolean;
  /** Set when not resumed. */
  readonly snapshot: Snapshot | undefined;
  readonly top: number;
  /** The highest command number executed in this epoch. */
  readonly lastSeq: number;
}

/** One endpoint's side of the exchange. */
export interface ExchangeEndpoint {
  /** Names the endpoint in records. */
  readonly key: string;
  /** Answers a Receive: resumes at the cursor, or gives the whole truth. Calls that ring are offered from then on. */
  open(cursor?: ExchangeCursor): ExchangeHello;
  /** Executes what was not executed before, repeats the result of what was. `undefined`: the epoch is over. */
  send(epoch: string, commands: readonly Command[]): readonly CommandResult[] | undefined;
  top(): number;
  /** The events behind an offset. */
  read(offset: number): readonly Event[];
  /** Told of each new event. */
  listen(listener: ((event: Event) => void) | undefined): void;
  /** Loses this endpoint's mailbox alone. */
  forget(): void;
  /** The endpoint's lease or detach grace ran out. */
  lose(): void;
}

const defaultRingMs = 60_000;
const epochBytes = 8;
const partyBytes = 16;

interface Attached {
  readonly endpoint: Endpoint;
  readonly mailbox: Mailbox;
  readonly takesCalls: boolean;
  online: boolean;
  results: CommandResult[];
}

export function createExchange({ clock, ringMs = defaultRingMs, seed = 1 }: ExchangeOptions): Exchange {
  const random = seededRandom(seed);
  const attached = new Map<string, Attached>();
  const deliver: CallStore["deliver"] = (key, event) => attached.get(key)?.mailbox.push(event);
  const ledger = createCallLedger({ clock, deliver });
  const takers = () => [...attached.values()].filter(({ online, takesCalls }) => online && takesCalls);
  const store: CallStore = {
    ledger,
    clock,
    ringMs,
    deliver,
    endpointsOf: (user) =>
      takers()
        .map(({ endpoint }) => endpoint)
        .filter((endpoint) => endpoint.user === user),
  };

  function forgetMailbox(entry: Attached): void {
    entry.mailbox.forget(random.hex(epochBytes));
    entry.results = [];
  }

  return {
    attach({ user, displayName = user, deviceLabel = "", takesCalls = true }) {
      const key = `${user}/${attached.size + 1}`;
      const endpoint = { key, user, displayName, party: random.hex(partyBytes), deviceLabel };
      const mailbox = createMailbox(random.hex(epochBytes));
      const entry: Attached = { endpoint, mailbox, takesCalls, online: false, results: [] };
      attached.set(key, entry);
      return endpointOf(entry, store, () => forgetMailbox(entry));
    },
    record: (callId) => ledger.get(callId)?.record,
    records: () => ledger.all().map(({ record }) => record),
    forget() {
      ledger.forget();
      for (const entry of attached.values()) forgetMailbox(entry);
    },
  };
}

function endpointOf(entry: Attached, store: CallStore, forget: () => void): ExchangeEndpoint {
  const { endpoint, mailbox } = entry;
  const { ledger, clock } = store;

  /** Each call learns of the endpoint's coming or going. */
  function tellCalls(type: "endpointJoined" | "endpointLost"): void {
    const at = clock.now();
    for (const { record } of ledger.all()) {
      ledger.settle(
        record.callId,
        type === "endpointJoined" ? { type, at, endpoint } : { type, at, key: endpoint.key },
      );
    }
  }

  return {
    key: endpoint.key,
    open(cursor) {
      entry.online = true;
      if (entry.takesCalls) tellCalls("endpointJoined");
      const resumed = cursor?.epoch === mailbox.epoch() && cursor.offset <= mailbox.top();
      return {
        epoch: mailbox.epoch(),
        resumed,
        snapshot: resumed ? undefined : snapshotOf(ledger, endpoint.key, clock.now()),
        top: mailbox.top(),
        lastSeq: entry.results.length,
      };
    },
    send: (epoch, commands) =>
      epoch === mailbox.epoch() ? commands.map((command) => executeOnce(entry, store, command)) : undefined,
    top: mailbox.top,
    read: mailbox.after,
    listen: mailbox.listen,
    forget,
    lose() {
      entry.online = false;
      tellCalls("endpointLost");
    },
  };
}

function executeOnce(entry: Attached, store: CallStore, { clientSeq, action }: Command): CommandResult {
  const known = entry.results[Number(clientSeq) - 1];
  if (known) return known;
  const expectedSeq = BigInt(entry.results.length + 1);
  if (clientSeq > expectedSeq) {
    return create(CommandResultSchema, { clientSeq, error: { code: ErrorCode.OUT_OF_ORDER, expectedSeq } });
  }
  const result =
    action.case === undefined
      ? create(CommandResultSchema, { error: { code: ErrorCode.MALFORMED } })
      : executeCommand(store, entry.endpoint, action);
  result.clientSeq = clientSeq;
  entry.results.push(result);
  return result;
}

/** The live calls that the endpoint is a party of, or is being offered. */
function snapshotOf(ledger: CallLedger, key: string, now: number): Snapshot {
  const live = ledger.all().filter(({ record }) => concerns(record, key));
  return create(SnapshotSchema, { calls: live.map((call) => stateOf(call, key, now)) });
}

function concerns({ phase, caller, accepted, offered }: CallRecord, key: string): boolean {
  if (phase === "ended") return false;
  if (phase === "active") return key === caller.key || key === accepted?.key;
  return key === caller.key || offered.some((endpoint) => endpoint.key === key);
}
