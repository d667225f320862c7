import { EventEmitter } from "node:events";
import { virtualClock } from "@peerline/call-machine/testing";
import { expect, test } from "vitest";
import { type ConnectionEntry, createConnectionTable } from "./connection-table.ts";
import { costOf, type Exchange, isOverdue, look, overBudget } from "./exchange.ts";
import { mostConnections } from "./most-connections.ts";

const entry = (name: string, more: Partial<ConnectionEntry> = {}): ConnectionEntry & { name: string } => ({
  name,
  socket: { destroy: () => new EventEmitter() as never },
  address: "a",
  group: "a",
  isProxy: false,
  openedAt: 0,
  exchanges: new Set(),
  activeAt: 0,
  isStranger: true,
  isClosing: false,
  close() {},
  ...more,
});

const exchange = (group: string, more: Partial<Exchange["answer"]> = {}, complete = true): Exchange => ({
  address: group,
  group,
  beganAt: 0,
  asked: { complete },
  answer: {
    writableLength: 0,
    writableEnded: false,
    writableFinished: false,
    once() {},
    destroy() {},
    ...more,
  },
  heldBytes: 0,
  unread: undefined,
});

function setUp(most: Parameters<typeof createConnectionTable>[0]) {
  const evicted: string[] = [];
  const table = createConnectionTable(
    most,
    (gone) => void evicted.push("name" in gone ? String(gone.name) : ""),
  );
  return { table, evicted };
}

test("an address that has its share gives up its own longest idle connection, a stranger's first", () => {
  const { table, evicted } = setUp({ inAll: 100, perAddress: 3 });
  const [known, first, second] = [entry("known", { isStranger: false }), entry("first"), entry("second")];
  for (const each of [known, first, second]) table.add(each);
  table.touch(first, 1);
  expect([table.add(entry("third")), table.add(entry("fourth")), evicted]).toEqual([
    true,
    true,
    ["second", "first"],
  ]);
});

test("an address whose connections are all at work gets no more", () => {
  const { table, evicted } = setUp({ inAll: 100, perAddress: 2 });
  const busy = () => entry("busy", { exchanges: new Set([exchange("a")]) });
  expect([table.add(busy()), table.add(busy()), table.add(entry("third")), evicted]).toEqual([
    true,
    true,
    false,
    [],
  ]);
  expect(table.add(entry("other", { group: "b" }))).toBe(true);
});

test("in a full house the address that has the most makes room, and a trusted proxy has no share", () => {
  const { table, evicted } = setUp({ inAll: 5, perAddress: 3 });
  for (const name of ["p1", "p2", "p3", "p4"]) table.add(entry(name, { group: "proxy", isProxy: true }));
  table.add(entry("single", { group: "b" }));
  expect([table.add(entry("new", { group: "c" })), evicted, table.all().length]).toEqual([true, ["p1"], 5]);
});

test("connections leave files for everything else, and one address has half of them", () => {
  const limits = { connections: 20_000, connectionsPerAddress: undefined };
  expect([
    mostConnections(limits, 1_024),
    mostConnections(limits, Number.POSITIVE_INFINITY),
    mostConnections({ ...limits, connectionsPerAddress: 7 }, 20),
  ]).toEqual([
    { inAll: 960, perAddress: 480 },
    { inAll: 20_000, perAddress: 10_000 },
    { inAll: 1, perAddress: 7 },
  ]);
});

const timers = { requestMs: 30, unreadMs: 45 };

test("a half-sent request and an unread answer are overdue in their time, a slowly read one is not", () => {
  const clock = virtualClock();
  const answer = { writableLength: 9, writableEnded: true, writableFinished: false };
  const [half, unread, slow] = [exchange("a", {}, false), exchange("a", answer), exchange("a", answer)];
  const overdue = () => [half, unread, slow].map((each) => isOverdue(each, clock.now(), timers));
  const seen: unknown[] = [];
  for (let left = 9; left > 2; left--) {
    Object.assign(slow.answer, { writableLength: left });
    for (const each of [half, unread, slow]) look(each, clock.now());
    seen.push(overdue());
    clock.advanceBy(15);
  }
  expect(seen.slice(0, 4)).toEqual([
    [false, false, false],
    [false, false, false],
    [true, false, false],
    [true, true, false],
  ]);
  expect(seen.at(-1)).toEqual([true, true, false]);
});

test("what is on its way for one look costs nothing; then it costs its bytes, and an ended answer its streams", () => {
  const live = exchange("a", { writableLength: 100 });
  const ended = exchange("a", { writableLength: 100, writableEnded: true });
  for (const each of [live, ended]) look(each, 0);
  const first = [costOf(live), costOf(ended)];
  for (const each of [live, ended]) look(each, 1);
  expect([first, costOf(live), costOf(ended)]).toEqual([[0, 0], 100, 8_292]);
});

test("over the budget those go who cost most, and nobody else", () => {
  const held = (group: string, bytes: number) => ({ ...exchange(group), heldBytes: bytes });
  const [big, most, small, none] = [held("a", 50), held("b", 30), held("c", 45), held("b", 0)];
  const also = held("b", 40);
  const all = [big, most, small, none, also];
  expect([overBudget(all, 165), overBudget(all, 100), overBudget(all, 50)]).toEqual([
    [],
    [most, also],
    [most, also, big],
  ]);
});
