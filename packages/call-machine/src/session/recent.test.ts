import { describe, expect, test } from "vitest";
import { ids, remotes } from "../docs/session-samples.ts";
import type { EndedBy, EndReason, Role } from "../types.ts";
import { type EndedCall, isMissed, maxRecentCalls, withEnded, withoutCall, withSeen } from "./recent.ts";

function over(changes: Partial<EndedCall> = {}, reason: EndReason = "cancelled", at = 1): EndedCall {
  const end = { reason, by: "them" as EndedBy, at, talkedMs: undefined };
  return { callId: ids.theirs, role: "callee", remote: remotes.ben, kind: "video", end, ...changes };
}

describe("a call was missed", () => {
  test.each<[EndReason, Role, boolean]>([
    ["cancelled", "callee", true],
    ["no-answer", "callee", true],
    ["unreachable", "callee", true],
    ["busy", "callee", true],
    ["hung-up", "callee", false],
    ["declined", "callee", false],
    ["answered-elsewhere", "callee", false],
    ["declined-elsewhere", "callee", false],
    ["glare", "callee", false],
    ["replaced", "callee", false],
    ["connect-failed", "callee", false],
    ["peer-lost", "callee", false],
    ["cancelled", "caller", false],
    ["no-answer", "caller", false],
    ["unreachable", "caller", false],
    ["busy", "caller", false],
  ])("%s, as the %s: %s", (reason, role, missed) => {
    expect(isMissed(role, reason)).toBe(missed);
  });
});

describe("the list of ended calls", () => {
  test("9, 16: takes a missed call as one that the person has not seen", () => {
    expect(withEnded([], over())).toEqual([{ ...over(), missed: true, seen: false }]);
  });

  test("takes every other end as seen", () => {
    expect(withEnded([], over({}, "declined"))).toEqual([
      { ...over({}, "declined"), missed: false, seen: true },
    ]);
  });

  test("1: has no entry for the call that gave way when both called", () => {
    expect(withEnded([], over({ role: "caller" }, "glare"))).toEqual([]);
  });

  test("is in the order of the ends, whenever they are heard of", () => {
    const list = [over({ callId: ids.own }, "hung-up", 5), over({ callId: ids.other }, "cancelled", 3)];
    const recent = list.reduce(withEnded, withEnded([], over({}, "cancelled", 4)));
    expect(recent.map(({ end }) => end.at)).toEqual([5, 4, 3]);
  });

  test("has a call once, and keeps that it was seen", () => {
    const seen = withSeen(withEnded([], over()), [ids.theirs]);
    expect(withEnded(seen, over({}, "no-answer", 2))).toEqual([
      { ...over({}, "no-answer", 2), missed: true, seen: true },
    ]);
  });

  test("is bounded: the oldest go", () => {
    const calls = Array.from({ length: maxRecentCalls + 2 }, (_, at) =>
      over({ callId: `${at}` }, "hung-up", at),
    );
    const recent = calls.reduce(withEnded, withEnded([], over()));
    expect([recent.length, recent[0]?.callId, recent.at(-1)?.callId]).toEqual([maxRecentCalls, "31", "2"]);
  });

  test("stays the same object when nothing changes", () => {
    const recent = withSeen(withEnded([], over()), [ids.theirs]);
    expect(withSeen(recent, [ids.theirs, ids.other])).toBe(recent);
    expect(withoutCall(recent, ids.other)).toBe(recent);
    expect(withoutCall(recent, ids.theirs)).toEqual([]);
  });
});
