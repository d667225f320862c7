import type { CallRecord, Endpoint } from "@peerline/call-machine/record";
import { describe, expect, test } from "vitest";
import { checkLease, hear, type Lease, startLease } from "./lease.ts";

const timers = { unreachableMs: 20, leaseMs: 60 };
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
  expect(started().parties.map(({ key, heardAt }) => [key, heardAt])).toEqual([
    ["a", 0],
    ["b", 0],
  ]);
});

describe("a look", () => {
  test.each([
    ["before the silence finds nothing", 0, false, 19, [], undefined, 20],
    ["finds a party that fell silent", 15, false, 20, ["b"], undefined, 35],
    ["finds a lease that is over", 59, false, 60, ["b"], "b", 79],
    ["keeps a call by the other's media", 59, true, 60, ["b"], undefined, 79],
    ["does not trust media of one who is silent itself", 0, true, 60, ["a", "b"], "a", 5060],
  ] as const)("%s", (_name, heardAt, media, now, silent, lost, nextAt) => {
    const { lease } = hear(started(), "a", heardAt, media);
    const check = checkLease(lease, now, timers);
    expect([check.fellSilent.map(({ key }) => key), check.lost, check.nextAt]).toEqual([
      silent,
      lost,
      nextAt,
    ]);
  });

  test("tells a silence once, and the return once", () => {
    const first = checkLease(started(), 20, timers);
    expect(checkLease(first.lease, 21, timers).fellSilent).toEqual([]);
    const back = hear(first.lease, "b", 22, undefined);
    expect(back.returned?.party).toBe("pb");
    expect(hear(back.lease, "b", 23, undefined).returned).toBeUndefined();
  });

  test("a word without a media report keeps the last report", () => {
    const { lease } = hear(hear(started(), "a", 1, true).lease, "a", 2, undefined);
    expect(lease.parties[0].mediaAlive).toBe(true);
  });
});
