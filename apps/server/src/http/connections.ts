import type { Socket } from "node:net";
import type { Clock } from "@peerline/call-machine";
import type { ServerTimers } from "../config/config.ts";
import type { Tally } from "../logging/tally.ts";
import { addressGroup, loggedAddress } from "./client-address.ts";
import { type ConnectionEntry, createConnectionTable } from "./connection-table.ts";
import { type Answer, type Asked, type Exchange, isOverdue, look, overBudget } from "./exchange.ts";
import type { Networks } from "./networks.ts";

/** One open connection, for the requests on it. */
export interface Connection {
  /** A request on it came with a good token: it is no stranger's any more. */
  signedIn(): void;
  /** A request has come. `address` is its client's. The connection is not idle until the answer is gone. */
  begin(asked: Asked, answer: Answer, address: string): Holding;
  /** It speaks HTTP/2: this closes it in good order. */
  closesBy(close: () => void): void;
  /** A request on it has no whole answer yet. */
  isAnswering(): boolean;
  /** It is a stranger's, and will be closed before long. */
  isEnding(): boolean;
}

/** Counts what is kept for a request that has not arrived as a whole. */
export interface Holding {
  holds(bytes: number): void;
}

/** Every open connection: which may come, and which has to go. */
export interface Connections {
  /** Undefined: there is no room, and the socket is closed. */
  admit(socket: Socket): Connection | undefined;
  /** Cuts all of them. */
  destroyAll(): void;
  close(): void;
}

export interface ConnectionsOptions {
  readonly timers: Pick<ServerTimers, "strangerIdleMs" | "strangerMs" | "idleMs" | "requestMs" | "unreadMs">;
  /** Bytes of all unread answers and half-sent requests. */
  readonly heldBytes: number;
  readonly most: { readonly inAll: number; readonly perAddress: number };
  readonly proxies: Networks;
  readonly clock: Clock;
  readonly tally: Tally;
}

const longestLookMs = 1_000;
const shortestLookMs = 10;
/** So many new exchanges, or so many new bytes, are looked at without waiting. */
const lookAfterExchanges = 1_024;
const lookAfterBytes = 8 * 1024 * 1024;

export function createConnections(options: ConnectionsOptions): Connections {
  const { timers, proxies, clock, tally } = options;
  const table = createConnectionTable(options.most, (entry) => {
    entry.socket.destroy();
    tally.note("idle-made-room", { address: loggedAddress(entry.address) });
  });
  const inspection = createInspection(options, table.all);
  const begin = (entry: ConnectionEntry, asked: Asked, answer: Answer, address: string): Holding => {
    const beganAt = clock.now();
    const group = addressGroup(address);
    const exchange: Exchange = { address, group, beganAt, asked, answer, heldBytes: 0, unread: undefined };
    entry.exchanges.add(exchange);
    table.touch(entry, beganAt);
    answer.once("close", () => {
      entry.exchanges.delete(exchange);
      table.touch(entry, clock.now());
    });
    inspection.began();
    return {
      holds(bytes) {
        exchange.heldBytes += bytes;
        inspection.holds(bytes);
      },
    };
  };

  return {
    admit(socket) {
      const entry = newEntry(socket, proxies, clock.now());
      if (!table.add(entry)) {
        socket.destroy();
        tally.note("no-room", { address: loggedAddress(entry.address) });
        return undefined;
      }
      socket.once("close", () => table.remove(entry));
      return {
        signedIn() {
          entry.isStranger = false;
        },
        begin: (asked, answer, address) => begin(entry, asked, answer, address),
        closesBy(close) {
          entry.close = close;
        },
        isAnswering: () => entry.exchanges.size > 0,
        isEnding: () => entry.isStranger && clock.now() - entry.openedAt >= timers.strangerMs / 2,
      };
    },
    destroyAll() {
      for (const { socket } of table.all()) socket.destroy();
    },
    close: inspection.close,
  };
}

function newEntry(socket: Socket, proxies: Networks, now: number): ConnectionEntry {
  const address = socket.remoteAddress ?? "";
  return {
    socket,
    address,
    group: addressGroup(address),
    isProxy: proxies.has(address),
    openedAt: now,
    exchanges: new Set(),
    activeAt: now,
    isStranger: true,
    isClosing: false,
    close: () => void socket.destroy(),
  };
}

/** Looks at all connections now and then, and at once when much is new. */
function createInspection(
  { timers, heldBytes, clock, tally }: ConnectionsOptions,
  all: () => readonly ConnectionEntry[],
) {
  let newExchanges = 0;
  let newBytes = 0;
  const drop = ({ answer, address }: Exchange, why: string) => {
    answer.destroy();
    tally.note(why, { address: loggedAddress(address) });
  };
  const inspect = () => {
    newExchanges = 0;
    newBytes = 0;
    const now = clock.now();
    const inTime: Exchange[] = [];
    for (const entry of all()) {
      for (const exchange of entry.exchanges) {
        look(exchange, now);
        if (isOverdue(exchange, now, timers)) drop(exchange, "too-slow");
        else inTime.push(exchange);
      }
      closeIdle(entry, now, timers);
    }
    for (const exchange of overBudget(inTime, heldBytes)) drop(exchange, "too-much-unread");
  };
  const { strangerIdleMs, strangerMs, idleMs, requestMs, unreadMs } = timers;
  const half = Math.min(strangerIdleMs, strangerMs, idleMs, requestMs, unreadMs) / 2;
  const everyMs = Math.max(shortestLookMs, Math.min(longestLookMs, half));
  let cancel = () => {};
  const arm = () => {
    cancel = clock.setTimer(clock.now() + everyMs, () => {
      inspect();
      arm();
    });
  };
  arm();
  return {
    began() {
      newExchanges += 1;
      if (newExchanges >= lookAfterExchanges) inspect();
    },
    holds(bytes: number) {
      newBytes += bytes;
      if (newBytes >= lookAfterBytes) inspect();
    },
    close: () => cancel(),
  };
}

/** First in good order; a peer that does not go along is cut at the next look. */
function closeIdle(entry: ConnectionEntry, now: number, timers: ConnectionsOptions["timers"]): void {
  if (entry.exchanges.size > 0) return;
  const isOld = entry.isStranger && now - entry.openedAt >= timers.strangerMs;
  const idleMs = entry.isStranger ? timers.strangerIdleMs : timers.idleMs;
  if (!isOld && now - entry.activeAt < idleMs) return;
  if (entry.isClosing) entry.socket.destroy();
  else entry.close();
  entry.isClosing = true;
}
