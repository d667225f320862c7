import type { CallRecord, Endpoint } from "@peerline/call-machine/record";
import { describe, expect, test } from "vitest";
import { checkLease, hear, type Lease, startLease } from "./lease.ts";

const timers = { unreachableMs: 20_000, leaseMs: 60_000 };
const endpoint = (key: string): Endpoint => ({
  key,
  user: key,
  displayName: key,
  party: `p${key}`,
  deviceLabel: "",
});
const ringing: CallRecord = {
  callId: "c1",
  rev: 1,
  phase: "ringing",
  kind: "audio",
  caller: endpoint("a"),
  calleeUser: "b",
  offered: [endpoint("b")],
  alerting: [],
  accepted: undefined,
  createdAt: 0,
  ringDeadline: 60,
  acceptedAt: undefined,
  endedAt: undefined,
  reason: undefined,
  by: undefined,
};
const active: CallRecord = { ...ringing, phase: "active", accepted: endpoint("b") };

function started(): Lease {
  const lease = startLease(active, 0);
  if (!lease) throw new Error("no lease");
  return lease;
}

test("only an accepted call has a lease", () => {
  expect(startLease(ringing, 0)).toBeUndefined();
  expect(startLease({ ...active, phase: "ended" }, 0)).toBeUndefined();
  const fresh = { heardAt: 5, mediaAlive: false, unreachable: false };
  expect(startLease(active, 5)).toEqual({
    callId: "c1",
    parties: [
      { key: "a", party: "pa", ...fresh },
      { key: "b", party: "pb", ...fresh },
    ],
  });
});

describe("a look", () => {
  test.each([
    ["before the silence finds nothing", "a", 0, false, 19_999, "", undefined, 20_000],
    ["finds a party that fell silent", "a", 15_000, false, 20_000, "b", undefined, 35_000],
    [
      "that finds both silent comes back when a lease is over",
      "a",
      0,
      false,
      20_000,
      "ab",
      undefined,
      60_000,
    ],
    ["finds a lease that is over", "a", 59_000, false, 60_000, "b", "b", 65_000],
    ["keeps a call by the other's media", "a", 59_000, true, 60_000, "b", undefined, 65_000],
    ["keeps it for the caller too", "b", 59_000, true, 60_000, "a", undefined, 65_000],
    ["does not trust media of a caller who is silent too", "a", 0, true, 60_000, "ab", "a", 65_000],
    ["does not trust media of a callee who is silent too", "b", 0, true, 60_000, "ab", "a", 65_000],
  ] as const)("%s", (_name, heard, heardAt, media, now, silent, lost, nextAt) => {
    const { lease } = hear(started(), heard, heardAt, media);
    const parties = lease.parties.map((party) =>
      silent.includes(party.key) ? { ...party, unreachable: true } : party,
    );
    expect(checkLease(lease, now, timers)).toEqual({
      lease: { ...lease, parties },
      fellSilent: lease.parties.filter(({ key }) => silent.includes(key)),
      lost,
      nextAt,
    });
  });

  test("tells a silence once, and the return once", () => {
    const first = checkLease(started(), 20_000, timers);
    expect(checkLease(first.lease, 20_001, timers).fellSilent).toEqual([]);
    const back = hear(first.lease, "b", 20_002, undefined);
    expect(back.returned?.party).toBe("pb");
    expect(hear(back.lease, "b", 20_003, undefined).returned).toBeUndefined();
  });

  test("a word without a media report keeps the last report", () => {
    const { lease } = hear(hear(started(), "a", 1, true).lease, "a", 2, undefined);
    expect(lease.parties[0].mediaAlive).toBe(true);
  });
});
