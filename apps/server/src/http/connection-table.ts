import type { Socket } from "node:net";
import type { Exchange } from "./exchange.ts";

/** One open connection as the server keeps it. */
export interface ConnectionEntry {
  readonly socket: Pick<Socket, "destroy">;
  readonly address: string;
  /** Who is counted as one; see `addressGroup`. */
  readonly group: string;
  /** Of a trusted proxy: it has others' connections. */
  readonly isProxy: boolean;
  readonly openedAt: number;
  /** What runs on it. */
  readonly exchanges: Set<Exchange>;
  /** When something began or ended on it last. */
  activeAt: number;
  /** No request on it had a good token yet. */
  isStranger: boolean;
  isClosing: boolean;
  /** In good order. */
  close: () => void;
}

/** Every open connection by its address. */
export interface ConnectionTable {
  /** False: there is no room for it, even when idle ones make room. */
  add(entry: ConnectionEntry): boolean;
  remove(entry: ConnectionEntry): void;
  /** Something began or ended on it: it is the last one to make room. */
  touch(entry: ConnectionEntry, now: number): void;
  all(): readonly ConnectionEntry[];
}

/** How many of the longest idle connections of an address are looked at to find room. */
const lookedAt = 64;

/**
 * At most `inAll` connections, and `perAddress` from each address that is no trusted proxy's. A newcomer takes the place of an
 * idle one, a stranger's before others: of its own address, or of the address that has the most. `evict` is told which.
 */
export function createConnectionTable(
  most: { readonly inAll: number; readonly perAddress: number },
  evict: (entry: ConnectionEntry) => void,
): ConnectionTable {
  /** The longest idle one first. */
  const groups = new Map<string, Set<ConnectionEntry>>();
  let count = 0;

  const remove = (entry: ConnectionEntry) => {
    const group = groups.get(entry.group);
    if (!group?.delete(entry)) return;
    count -= 1;
    if (group.size === 0) groups.delete(entry.group);
  };
  const makeRoom = (group: ReadonlySet<ConnectionEntry> | undefined): boolean => {
    const going = idleOf(group);
    if (!going) return false;
    remove(going);
    evict(going);
    return true;
  };
  const hasRoom = ({ group, isProxy }: ConnectionEntry): boolean => {
    const own = groups.get(group);
    if (!isProxy && (own?.size ?? 0) >= most.perAddress) return makeRoom(own);
    if (count < most.inAll) return true;
    return [...groups.values()].toSorted((a, b) => b.size - a.size).some(makeRoom);
  };

  return {
    add(entry) {
      if (!hasRoom(entry)) return false;
      groups.set(entry.group, (groups.get(entry.group) ?? new Set()).add(entry));
      count += 1;
      return true;
    },
    remove,
    touch(entry, now) {
      entry.activeAt = now;
      const group = groups.get(entry.group);
      if (group?.delete(entry)) group.add(entry);
    },
    all: () => [...groups.values()].flatMap((group) => [...group]),
  };
}

function idleOf(group: ReadonlySet<ConnectionEntry> | undefined): ConnectionEntry | undefined {
  const idle: ConnectionEntry[] = [];
  let looked = 0;
  for (const entry of group ?? []) {
    if (looked === lookedAt) break;
    looked += 1;
    if (entry.exchanges.size === 0) idle.push(entry);
  }
  return idle.find(({ isStranger }) => isStranger) ?? idle[0];
}
