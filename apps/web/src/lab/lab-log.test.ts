import { expect, test } from "vitest";
import { cellsOf, keptEntries, type LabEntry, logText, withEntry } from "./lab-log.ts";

const startedAt = Date.UTC(2030, 0, 1);
const line: LabEntry = { kind: "line", id: 1, at: startedAt + 1_234, text: "link: none → online" };
const sent: LabEntry = {
  kind: "signal",
  id: 2,
  at: startedAt + 2_000,
  signal: { direction: "sent", type: "invite", bytes: 1_834, at: startedAt + 2_000 },
};
const result: LabEntry = {
  kind: "signal",
  id: 3,
  at: startedAt + 2_012,
  signal: { direction: "received", type: "result", bytes: 73, at: startedAt + 2_012, roundTripMs: 12.3 },
};

test("a signal shows its way, type, size and round trip", () => {
  expect([cellsOf(sent, startedAt), cellsOf(result, startedAt)]).toEqual([
    { time: "+2.000", way: "sent", what: "invite", size: "1834 B", roundTrip: "" },
    { time: "+2.012", way: "received", what: "result", size: "73 B", roundTrip: "12 ms" },
  ]);
});

test("the copied log is one line per row under a title and a date", () => {
  expect(logText([line, sent, result], startedAt, "Peerline lab: alice with bob").split("\n")).toEqual([
    "Peerline lab: alice with bob",
    "2030-01-01T00:00:00.000Z",
    "    +1.234 · link: none → online",
    "    +2.000 → invite 1834 B",
    "    +2.012 ← result 73 B 12 ms",
    "",
  ]);
});

test("a full log loses its oldest row", () => {
  const full = Array.from({ length: keptEntries }, (_, id): LabEntry => ({ ...line, id }));
  const next = withEntry(full, { ...line, id: keptEntries });
  expect([next.length, next[0]?.id, next.at(-1)?.id]).toEqual([keptEntries, 1, keptEntries]);
});
