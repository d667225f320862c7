import { describe, expect, test } from "vitest";
import { active, ana, ben1, ben2, endpoint, over, ringing } from "../docs/record-samples.ts";
import { type CallRecord, type Crowd, isAbandoned, roomFor } from "./index.ts";

const friends = ["fay", "flo", "fin", "fox"];
const call = (user: string, createdAt: number, more: Partial<CallRecord> = {}): CallRecord => ({
  ...ringing,
  callId: `${user} ${createdAt}`,
  caller: endpoint(`${user}/1`),
  createdAt,
  ...more,
});
const crowd = (calls: readonly CallRecord[], caller: string): Crowd => ({
  ringing: calls,
  caller,
  max: 3,
  isContact: (user) => friends.includes(user),
});
const roomOf = (calls: readonly CallRecord[], caller: string) => {
  const room = roomFor(crowd(calls, caller));
  return typeof room === "string" ? room : room.callId;
};

describe("calls that ring at one person", () => {
  test.each([
    ["two ring: there is room", [call("eve", 1), call("fay", 2)], "max", "free"],
    ["friends ring: there is room for a friend", [call("fay", 1), call("flo", 2)], "fin", "free"],
    [
      "a stranger rings: a friend rings in the stranger's place",
      [call("fay", 1), call("eve", 2)],
      "flo",
      "eve 2",
    ],
    ["a stranger who calls again takes no place while there is room", [call("eve", 1)], "eve", "free"],
    [
      "a friend rings in the place of the stranger who has rung the longest",
      [call("fay", 1), call("sue", 3), call("sam", 2)],
      "flo",
      "sam 2",
    ],
    ["a stranger does so too", [call("eve", 3), call("sue", 2), call("sam", 1)], "max", "sam 1"],
    ["a stranger takes no friend's place", [call("fay", 1), call("flo", 2), call("fin", 3)], "max", "full"],
    [
      "a friend takes that of the friend who has rung the longest",
      [call("flo", 2), call("fay", 1), call("fin", 3)],
      "fox",
      "fay 1",
    ],
    [
      "who rings already takes the own place first, and of those the oldest",
      [call("eve", 1), call("max", 3), call("max", 2)],
      "max",
      "max 2",
    ],
    [
      "a friend who rings already takes the own place, no stranger's",
      [call("eve", 1), call("fay", 2), call("sam", 3)],
      "fay",
      "fay 2",
    ],
    [
      "a friend of whom nothing may be shown counts as a stranger",
      [call("fay", 1), call("flo", 2, { stranger: true }), call("fin", 3)],
      "fox",
      "flo 2",
    ],
    ["of none at once nobody rings", [], "fox", "free"],
  ] as const)("%s", (_name, calls, caller, expected) => {
    expect(roomOf(calls, caller)).toBe(expected);
  });

  test("where none may ring there is no room", () => {
    expect(roomFor({ ...crowd([], "fay"), max: 0 })).toBe("full");
  });
});

test.each([
  ["one party was heard", active, [ben1.key], false],
  ["the parties were not heard", active, [ana.key, ben1.key], true],
  ["a device that lost counts for nothing", active, [ana.key, ben2.key], false],
  ["one that rings", ringing, [ana.key, ben1.key], false],
  ["one that is over", over, [ana.key, ben1.key], false],
])("a call is abandoned or not: %s", (_name, record, unreachable, expected) => {
  expect(isAbandoned(record, unreachable)).toBe(expected);
});
