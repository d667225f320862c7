import { expect, test } from "vitest";
import { type Acks, ackAt, afterAcked, afterApplied, noAcks } from "./acks.ts";
import { defaultTiming } from "./timing.ts";

const oneApplied: Acks = { acked: 0n, since: 1_000 };

test.each<[string, Acks, bigint, number]>([
  ["nothing was applied", noAcks, 0n, Number.POSITIVE_INFINITY],
  ["one event waits five seconds", oneApplied, 1n, 6_000],
  ["63 events wait", oneApplied, 63n, 6_000],
  ["64 events do not wait", oneApplied, 64n, 1_000],
  ["the last one applied is acknowledged", { acked: 5n, since: 1_000 }, 5n, Number.POSITIVE_INFINITY],
  ["all are acknowledged", { acked: 5n, since: undefined }, 7n, Number.POSITIVE_INFINITY],
])("an acknowledgement alone: %s", (_name, acks, cursor, at) => {
  expect(ackAt(acks, cursor, defaultTiming)).toEqual(at);
});

test("the wait begins with the first event, later ones do not prolong it", () => {
  const first = afterApplied({ acked: 5n, since: undefined }, 1_000);
  expect([first, afterApplied(first, 4_000)]).toEqual([
    { acked: 5n, since: 1_000 },
    { acked: 5n, since: 1_000 },
  ]);
});

test("a wait begins with the answer when events came while the request was under way, and ends otherwise", () => {
  expect([5n, 7n].map((cursor) => afterAcked(5n, cursor, 9_000))).toEqual([
    { acked: 5n, since: undefined },
    { acked: 5n, since: 9_000 },
  ]);
});
