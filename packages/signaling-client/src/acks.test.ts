import { expect, test } from "vitest";
import { ackAt, afterAcked, afterApplied, noAcks } from "./acks.ts";
import { defaultTiming } from "./timing.ts";

const oneApplied = afterApplied(noAcks, 1_000);

test.each([
  ["nothing was applied", noAcks, 0n, Number.POSITIVE_INFINITY],
  ["one event waits five seconds", oneApplied, 1n, 6_000],
  ["later events do not prolong the wait", afterApplied(oneApplied, 4_000), 2n, 6_000],
  ["63 events wait", oneApplied, 63n, 6_000],
  ["64 events do not wait", oneApplied, 64n, 1_000],
  ["all are acknowledged", afterAcked(5n, 5n, 9_000), 5n, Number.POSITIVE_INFINITY],
  ["some came while the request was under way", afterAcked(5n, 7n, 9_000), 7n, 14_000],
] as const)("an acknowledgement alone: %s", (_name, acks, cursor, at) => {
  expect(ackAt(acks, cursor, defaultTiming)).toEqual(at);
});
