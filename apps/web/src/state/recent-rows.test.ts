import type { RecentCall } from "@peerline/call-machine";
import { expect, test } from "vitest";
import { fakeRecent } from "../testing/fake-views.ts";
import { missedRows, recentRows } from "./recent-rows.ts";

const ana = { user: "ana", displayName: "Ana Torres" };
const ben = { user: "ben", displayName: "Ben Okafor" };

test("missed calls of one person are one row with all of them, the newest caller first", () => {
  const recent = [
    fakeRecent("3", { remote: ana, kind: "audio" }, 30),
    fakeRecent("2", { remote: ben }, 20),
    fakeRecent("1", { remote: ana }, 10),
  ];
  expect(missedRows(recent)).toEqual([
    { remote: ana, callIds: ["3", "1"], kind: "audio", at: 30 },
    { remote: ben, callIds: ["2"], kind: "video", at: 20 },
  ]);
  expect(recentRows(recent)).toEqual([]);
});

test("a missed call that was seen is among the others, and they say how they ended", () => {
  const hungUp: Partial<RecentCall> = {
    role: "caller",
    missed: false,
    seen: true,
    end: { reason: "hung-up", by: "me", at: 5, talkedMs: 75_000 },
  };
  const recent = [
    fakeRecent("2", { remote: ana, seen: true }, 20),
    fakeRecent("1", { ...hungUp, remote: ben }),
  ];
  expect(missedRows(recent)).toEqual([]);
  expect(recentRows(recent)).toEqual([
    {
      callId: "2",
      remote: ana,
      role: "callee",
      outcome: "Missed call",
      missed: true,
      at: 20,
    },
    {
      callId: "1",
      remote: ben,
      role: "caller",
      outcome: "You ended the call · 1:15",
      missed: false,
      at: 5,
    },
  ]);
});

test("only a few of the others are shown", () => {
  const many = Array.from({ length: 20 }, (_, index) => fakeRecent(`${index}`, { seen: true }));
  expect(recentRows(many).map(({ callId }) => callId)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
});
