import { describe, expect, test } from "vitest";
import {
  emptySession,
  judgeSequence,
  restartedSession,
  type SessionEntry,
  withRelay,
  withResult,
} from "./session-entry.ts";

const bytes = new Uint8Array([1]);
const session: SessionEntry = {
  life: undefined,
  generation: 2,
  lastSeq: 5,
  results: [{ seq: 5, bytes, at: 100 }],
  relayIds: ["aa"],
};

describe("a command", () => {
  test.each([
    ["that is next runs", 6, 0, { kind: "run" }],
    ["that ran is answered as before", 5, 0, { kind: "stored", bytes }],
    ["whose result is just old enough is answered", 5, 100, { kind: "stored", bytes }],
    ["whose result is too old cannot be answered", 5, 101, { kind: "forgotten" }],
    ["whose result is gone cannot be answered", 4, 0, { kind: "forgotten" }],
    ["with number 0 cannot be answered", 0, 0, { kind: "forgotten" }],
    ["that leaves a gap is refused", 8, 0, { kind: "gap", expectedSeq: 6 }],
  ] as const)("%s", (_name, seq, keptSince, expected) => {
    expect(judgeSequence(session, seq, keptSince)).toEqual(expected);
  });
});

test("results are kept by number and by age", () => {
  const later = withResult(session, { seq: 6, bytes, at: 200 }, { maxResults: 1, keptSince: 0 });
  expect(later).toEqual({ ...session, lastSeq: 6, results: [{ seq: 6, bytes, at: 200 }] });
  const aged = withResult(session, { seq: 6, bytes, at: 500 }, { maxResults: 9, keptSince: 101 });
  expect(aged.results.map(({ seq }) => seq)).toEqual([6]);
  const young = withResult(session, { seq: 6, bytes, at: 500 }, { maxResults: 9, keptSince: 100 });
  expect(young.results.map(({ seq }) => seq)).toEqual([5, 6]);
});

test("a new epoch starts the numbers again and remembers relays", () => {
  expect(restartedSession(session)).toEqual({
    life: undefined,
    generation: 2,
    lastSeq: 0,
    results: [],
    relayIds: ["aa"],
  });
});

test("a relay is known the second time, and 64 are remembered", () => {
  expect(withRelay(session, "aa")).toBeUndefined();
  expect(withRelay(emptySession, "aa")).toEqual({ ...emptySession, relayIds: ["aa"] });
  let many: SessionEntry = emptySession;
  for (let id = 0; id < 70; id++) many = withRelay(many, String(id)) ?? many;
  expect([many.relayIds.length, many.relayIds[0]]).toEqual([64, "6"]);
});
