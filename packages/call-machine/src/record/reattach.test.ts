import { describe, expect, test } from "vitest";
import { type CallClaim, type CallRecord, decide, type Endpoint } from "./index.ts";

function endpoint(key: string): Endpoint {
  const [user = key] = key.split("/");
  return { key, user, displayName: user, party: key, deviceLabel: `${key}'s device` };
}

const caller = endpoint("ana/1");
const winner = endpoint("ben/1");
const other = endpoint("ben/2");
const claim: CallClaim = {
  callId: "c1",
  rev: 3,
  kind: "audio",
  caller,
  calleeUser: "ben",
  accepted: winner,
  createdAt: 1_000,
  acceptedAt: 2_000,
};
const rebuilt: CallRecord = {
  callId: "c1",
  rev: 4,
  phase: "active",
  kind: "audio",
  caller,
  calleeUser: "ben",
  offered: [winner],
  alerting: [],
  accepted: winner,
  createdAt: 1_000,
  ringDeadline: 1_000,
  acceptedAt: 2_000,
  endedAt: undefined,
  reason: undefined,
  by: undefined,
};
const reattach = (from: string) => ({ type: "reattach", at: 9_000, from, claim }) as const;

/** The caller's Invite again, at a server that knew nothing. */
const reissued = decide(undefined, {
  type: "invite",
  at: 8_000,
  callId: "c1",
  kind: "audio",
  caller,
  calleeUser: "ben",
  ringable: [winner, other],
  ringMs: 60_000,
  calleeBusy: false,
  crossing: undefined,
}).record;

describe("82: a server that forgot an accepted call", () => {
  test.each([
    ["the caller", caller.key, { to: winner.key, event: { type: "accepted", mine: true } }],
    ["the winner", winner.key, { to: caller.key, event: { type: "accepted", mine: false } }],
  ])("rebuilds it for %s and tells the other", (_, from, delivery) => {
    expect(decide(undefined, reattach(from))).toEqual({
      record: rebuilt,
      applied: true,
      refusal: undefined,
      instead: undefined,
      deliveries: [delivery],
    });
  });

  test("takes the revisions of the server that goes on above those of the ticket", () => {
    expect(decide(rebuilt, { ...reattach(caller.key), claim: { ...claim, rev: 9 } }).record?.rev).toBe(4);
    expect(decide(reissued, { ...reattach(winner.key), claim: { ...claim, rev: 0 } }).record?.rev).toBe(2);
  });

  test("changes nothing for the one who comes second", () => {
    expect(decide(rebuilt, reattach(caller.key))).toEqual({
      record: rebuilt,
      applied: true,
      refusal: undefined,
      instead: undefined,
      deliveries: [],
    });
  });
});

describe("83: a repeated Invite at a server that has just started", () => {
  const early = {
    type: "invite",
    at: 8_000,
    callId: "c1",
    kind: "audio",
    caller,
    calleeUser: "ben",
    ringable: [],
    ringMs: 60_000,
    awaitsEndpoints: true,
    calleeBusy: false,
    crossing: undefined,
  } as const;

  test("waits for the callee's endpoints, and rings the first that is back", () => {
    const { record, applied } = decide(undefined, early);
    expect([record?.phase, applied]).toEqual(["ringing", true]);
    const joined = decide(record, { type: "endpointJoined", at: 8_400, endpoint: winner });
    expect(joined.deliveries).toEqual([{ to: winner.key, event: { type: "incoming" } }]);
  });

  test("is unreachable after 15 s when nobody came", () => {
    const { record } = decide(undefined, early);
    expect(decide(record, { type: "ringExpired", at: 23_000 }).record?.reason).toBe("unreachable");
  });
});

describe("85: a call that was ended while the server was away", () => {
  const end = { type: "end", at: 8_500, from: caller.key, wish: "hung-up", claim } as const;

  test("leaves a mark, and the peer's ticket does not bring it back", () => {
    const { record, applied, deliveries } = decide(undefined, end);
    expect(deliveries).toEqual([]);
    expect([applied, record?.phase, record?.reason, record?.by]).toEqual([
      true,
      "ended",
      "hung-up",
      "caller",
    ]);
    expect(decide(record, reattach(winner.key))).toMatchObject({
      applied: false,
      refusal: "hung-up",
      deliveries: [],
    });
  });

  test("is by the one who ended it", () => {
    expect(decide(undefined, { ...end, from: winner.key }).record?.by).toBe("callee");
  });

  test("keeps its revision when it is over already, however new the ticket", () => {
    const { record } = decide(rebuilt, { type: "end", at: 8_000, from: caller.key, wish: "hung-up" });
    const again = decide(record, { ...end, claim: { ...claim, rev: 9 } });
    expect([again.record, again.applied, again.refusal]).toEqual([record, false, "hung-up"]);
  });

  test("has a revision above the ticket's, whether or not the server knows the call again", () => {
    expect(decide(undefined, end).record?.rev).toBe(4);
    expect(decide(reissued, end).record).toMatchObject({ phase: "ended", rev: 4 });
  });

  test("leaves no mark for someone who was not in it", () => {
    expect(decide(undefined, { ...end, from: other.key }).record).toBeUndefined();
  });

  test("was cancelled when nobody had accepted", () => {
    const early = { ...end, claim: { ...claim, accepted: undefined } };
    expect(decide(undefined, early).record).toEqual({
      ...rebuilt,
      phase: "ended",
      reason: "cancelled",
      by: "caller",
      endedAt: 8_500,
      offered: [],
      accepted: undefined,
    });
    expect(decide(undefined, { ...early, from: winner.key }).record).toBeUndefined();
  });
});

describe("86: the winner comes back while the repeated Invite rings", () => {
  test("the call is the winner's, and the other device stops ringing", () => {
    const { record, deliveries } = decide(reissued, reattach(winner.key));
    const active = { ...reissued, phase: "active", accepted: winner, rev: 4 };
    expect(record).toEqual({ ...active, offered: [other, winner], acceptedAt: 2_000 });
    expect(deliveries).toEqual([
      { to: caller.key, event: { type: "accepted", mine: false } },
      {
        to: other.key,
        event: {
          type: "ended",
          reason: "answered-elsewhere",
          by: "callee",
          deviceLabel: winner.deviceLabel,
          talkedMs: undefined,
        },
      },
    ]);
  });

  test("a device that went away while it rang hears of it too, so that it does not ring on its return", () => {
    const left = decide(reissued, { type: "endpointLost", at: 8_200, key: other.key }).record;
    const { deliveries } = decide(left, reattach(winner.key));
    expect(deliveries.map(({ to, event }) => [to, event.type])).toEqual([
      [caller.key, "accepted"],
      [other.key, "ended"],
    ]);
  });

  test("a ticket without the time of the accept counts from now", () => {
    const untimed = { ...reattach(winner.key), claim: { ...claim, acceptedAt: undefined } };
    expect(decide(reissued, untimed).record?.acceptedAt).toBe(9_000);
  });

  test("a device that accepted in between keeps the call", () => {
    const taken = decide(reissued, { type: "accept", at: 8_500, from: other.key, kind: "audio" }).record;
    expect(decide(taken, reattach(winner.key))).toEqual({
      record: taken,
      applied: false,
      refusal: "answered-elsewhere",
      instead: undefined,
      deliveries: [],
    });
  });
});

describe("101: a ticket in the wrong hands", () => {
  test("of someone who is not in it is refused and makes no call", () => {
    expect(decide(undefined, reattach(other.key))).toMatchObject({
      record: undefined,
      applied: false,
      refusal: "not-allowed",
    });
  });

  test("of another call of the same id changes nothing", () => {
    for (const change of [{ caller: endpoint("cleo/1") }, { calleeUser: "cleo" }]) {
      const others: CallRecord = { ...rebuilt, ...change };
      expect(decide(others, reattach(caller.key))).toMatchObject({
        record: others,
        applied: false,
        refusal: "not-allowed",
        deliveries: [],
      });
    }
  });

  test("does not end another call of the same id", () => {
    const others: CallRecord = { ...rebuilt, caller: endpoint("cleo/1") };
    const end = { type: "end", at: 8_500, from: winner.key, wish: undefined, claim } as const;
    expect(decide(others, end)).toMatchObject({ record: others, applied: false, refusal: "not-allowed" });
  });

  test("of a call that nobody had accepted restores nothing", () => {
    const early = { ...reattach(caller.key), claim: { ...claim, accepted: undefined } };
    expect(decide(undefined, early)).toMatchObject({ record: undefined, refusal: "not-allowed" });
  });
});
