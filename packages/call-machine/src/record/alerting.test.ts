import { describe, expect, test } from "vitest";
import {
  type CallRecord,
  type Decision,
  decide,
  type Endpoint,
  nextDeadline,
  type RecordInput,
  signalTargets,
} from "./index.ts";

function endpoint(key: string): Endpoint {
  const [user = key] = key.split("/");
  return { key, user, displayName: user, party: key, deviceLabel: key };
}

const ana = endpoint("ana/1");
const [ben1, ben2] = [endpoint("ben/1"), endpoint("ben/2")];

type Changes = Partial<Extract<RecordInput, { type: "invite" }>>;

function rung(changes: Changes = {}): CallRecord {
  const { record } = invited(changes);
  if (!record) throw new Error("no record");
  return record;
}

function invited(changes: Changes): Decision {
  return decide(undefined, {
    type: "invite",
    at: 0,
    callId: "c1",
    kind: "audio",
    caller: ana,
    calleeUser: "ben",
    ringable: [ben1],
    ringMs: 60_000,
    calleeBusy: false,
    crossing: undefined,
    ...changes,
  });
}

const early = (from: Endpoint): RecordInput => ({
  type: "alerting",
  at: 100,
  from: from.key,
  earlyAnswer: true,
});
const accept = (from: Endpoint): RecordInput => ({ type: "accept", at: 200, from: from.key, kind: "audio" });
const told = (record: CallRecord, input: RecordInput) =>
  decide(record, input).deliveries.map(({ event }) => event);

describe("an early answer", () => {
  test("of the only endpoint that was rung goes to the caller", () => {
    const { record, deliveries } = decide(rung(), early(ben1));
    expect(deliveries).toEqual([
      { to: ana.key, event: { type: "remoteAlerting", endpoints: 1, early: true } },
    ]);
    expect(record).toEqual({ ...rung(), rev: 2, alerting: [ben1.key], early: ben1.key });
  });

  test("is none without an answer: the only endpoint that was rung alerts as any", () => {
    const { record, deliveries } = decide(rung(), { type: "alerting", at: 100, from: ben1.key });
    expect(deliveries).toEqual([{ to: ana.key, event: { type: "remoteAlerting", endpoints: 1 } }]);
    expect(record).toEqual({ ...rung(), rev: 2, alerting: [ben1.key] });
  });

  test.each<[string, CallRecord]>([
    ["of one among several", rung({ ringable: [ben1, ben2] })],
    ["for a stranger", rung({ stranger: true })],
    [
      "of the last one of several",
      decide(rung({ ringable: [ben1, ben2] }), { type: "endpointLost", at: 50, key: ben2.key })
        .record as CallRecord,
    ],
  ])("%s does not", (_, record) => {
    expect(told(record, early(ben1))).toEqual([{ type: "remoteAlerting", endpoints: 1 }]);
    expect(decide(record, early(ben1)).record?.early).toBeUndefined();
  });

  test("lets that endpoint signal before the accept, and no other one", () => {
    const record = decide(rung(), early(ben1)).record as CallRecord;
    const joined = decide(record, { type: "endpointJoined", at: 150, endpoint: ben2 }).record as CallRecord;
    expect([ben1, ben2].map(({ key }) => signalTargets(joined, key))).toEqual([[ana], []]);
    expect(signalTargets(joined, ana.key)).toEqual([ben1, ben2]);
    expect(signalTargets(rung(), ben1.key)).toEqual([]);
  });

  test("39: of an endpoint that does not win is the last that is heard of it", () => {
    const record = decide(rung(), early(ben1)).record;
    const joined = decide(record, { type: "endpointJoined", at: 150, endpoint: ben2 }).record;
    const taken = decide(joined, accept(ben2)).record as CallRecord;
    expect([ben1, ben2].map(({ key }) => signalTargets(taken, key))).toEqual([[], [ana]]);
    expect(decide(taken, early(ben1))).toMatchObject({ applied: false, refusal: "answered-elsewhere" });
  });
});

describe("32: a silent call", () => {
  const silent = rung({ silent: true, ringable: [ben1, ben2], calleeBusy: true });

  test("rings nobody, whether the callee is busy, there or not", () => {
    const { offered: _, ...rest } = rung();
    expect(silent).toEqual({ ...rest, offered: [], silent: true });
    expect(rung({ silent: true, ringable: [] })).toEqual(silent);
    expect(invited({ silent: true }).deliveries).toEqual([]);
  });

  test("looks as if one endpoint alerted, once", () => {
    const decision = decide(silent, { type: "feignedAlerting", at: 180 });
    expect(decision.deliveries).toEqual([{ to: ana.key, event: { type: "remoteAlerting", endpoints: 1 } }]);
    expect(decide(decision.record, { type: "feignedAlerting", at: 181 }).applied).toBe(false);
    expect(decide(rung(), { type: "feignedAlerting", at: 180 }).applied).toBe(false);
    const cancelled = decide(silent, { type: "end", at: 90, from: ana.key, wish: undefined }).record;
    expect(decide(cancelled, { type: "feignedAlerting", at: 180 }).record).toBe(cancelled);
  });

  test("has no answer at the ring deadline, and not before", () => {
    expect(nextDeadline(silent)).toBe(60_000);
    expect(decide(silent, { type: "ringExpired", at: 59_999 }).applied).toBe(false);
    expect(told(silent, { type: "ringExpired", at: 60_000 })).toMatchObject([
      { type: "ended", reason: "no-answer", by: "server" },
    ]);
  });

  test("is offered to nobody who comes, and cannot be taken", () => {
    const joined = decide(silent, { type: "endpointJoined", at: 150, endpoint: ben1 });
    expect([joined.record, joined.deliveries]).toEqual([silent, []]);
    expect(decide(silent, accept(ben1)).record).toBe(silent);
  });

  test("gives way to a call of the callee that crosses it", () => {
    const crossing = rung({ callId: "c0", caller: ben1, calleeUser: "ana", ringable: [ana] });
    const invite = { type: "invite", at: 5, callId: "c1", kind: "audio", caller: ana } as const;
    const more = {
      calleeUser: "ben",
      ringable: [],
      ringMs: 60_000,
      calleeBusy: false,
      crossing,
      silent: true,
    };
    expect(decide(undefined, { ...invite, ...more })).toMatchObject({ refusal: "glare", instead: crossing });
  });
});

describe("20: an endpoint that talks elsewhere", () => {
  test("20: does not win, and the call rings on", () => {
    const record = rung({ ringable: [ben1, ben2] });
    const busy = { ...accept(ben1), busy: true } as RecordInput;
    expect(decide(record, busy)).toMatchObject({ record, applied: false, refusal: "busy", deliveries: [] });
    expect(decide(record, accept(ben2)).applied).toBe(true);
  });

  test("20: is told what has become of a call that rings no more", () => {
    const taken = decide(rung({ ringable: [ben1, ben2] }), accept(ben2)).record;
    const busy = { ...accept(ben1), busy: true } as RecordInput;
    expect(decide(taken, busy).refusal).toBe("answered-elsewhere");
    expect(decide(taken, { ...accept(ben2), busy: true } as RecordInput).applied).toBe(true);
  });
});
