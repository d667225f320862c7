import { describe, expect, test } from "vitest";
import { committed } from "../docs/committed.ts";
import {
  alertDeadlineMs,
  type CallRecord,
  type Decision,
  type Delivery,
  decide,
  type Endpoint,
  mayRelay,
  nextDeadline,
  type RecordInput,
  relayTargets,
  roleOf,
} from "./index.ts";

const ringMs = 60_000;
const ana = endpoint("ana/1", "ana");
const ben1 = endpoint("ben/1", "ben");
const ben2 = endpoint("ben/2", "ben");
const eve = endpoint("eve/1", "eve");

function endpoint(key: string, user: string): Endpoint {
  return { key, user, displayName: user, party: `party of ${key}`, deviceLabel: `device of ${key}` };
}

type Invite = Extract<RecordInput, { type: "invite" }>;

function invite(changes: Partial<Invite> = {}): Invite {
  return {
    type: "invite",
    at: 0,
    callId: "c1",
    kind: "video",
    caller: ana,
    calleeUser: "ben",
    ringable: [ben1, ben2],
    ringMs,
    calleeBusy: false,
    crossing: undefined,
    ...changes,
  };
}

/** The record after these inputs. */
function after(...inputs: readonly RecordInput[]): CallRecord {
  const record = inputs.reduce<CallRecord | undefined>(
    (before, input) => decide(before, input).record,
    undefined,
  );
  if (!record) throw new Error("the inputs made no record");
  return record;
}

const alerting = (from: Endpoint, at = 1_000): RecordInput => ({ type: "alerting", at, from: from.key });
const accept = (from: Endpoint, at = 2_000): RecordInput => ({
  type: "accept",
  at,
  from: from.key,
  kind: "audio",
});
const end = (
  from: Endpoint,
  wish?: Extract<RecordInput, { type: "end" }>["wish"],
  at = 3_000,
): RecordInput => ({
  type: "end",
  at,
  from: from.key,
  wish,
});
const expired = (at: number): RecordInput => ({ type: "ringExpired", at });

const ended = (
  to: Endpoint,
  reason: Extract<Delivery["event"], { type: "ended" }>["reason"],
  by: "caller" | "callee" | "server",
  talkedMs?: number,
  deviceLabel = "",
): Delivery => ({ to: to.key, event: { type: "ended", reason, by, deviceLabel, talkedMs } });

const refused = (record: CallRecord, refusal: Decision["refusal"]): Decision => ({
  record,
  applied: false,
  refusal,
  instead: undefined,
  deliveries: [],
});

const ringing = after(invite());
const alerted = after(invite(), alerting(ben1));
const active = after(invite(), alerting(ben1), accept(ben1));

describe("setting up", () => {
  test("an Invite rings every endpoint of the callee once", () => {
    const record: CallRecord = {
      callId: "c1",
      rev: 1,
      phase: "ringing",
      kind: "video",
      caller: ana,
      calleeUser: "ben",
      offered: [ben1, ben2],
      alerting: [],
      accepted: undefined,
      createdAt: 0,
      ringDeadline: ringMs,
      acceptedAt: undefined,
      endedAt: undefined,
      reason: undefined,
      by: undefined,
    };
    expect(decide(undefined, invite())).toEqual({
      record,
      applied: true,
      refusal: undefined,
      instead: undefined,
      deliveries: [
        { to: "ben/1", event: { type: "incoming" } },
        { to: "ben/2", event: { type: "incoming" } },
      ],
    });
  });

  test("row 1: an Invite that crosses a ringing one is not created, and names the one that lives", () => {
    const crossing = after(invite({ callId: "c0", caller: ben1, calleeUser: "ana", ringable: [ana] }));
    expect(decide(undefined, invite({ crossing }))).toEqual({
      record: undefined,
      applied: false,
      refusal: "glare",
      instead: crossing,
      deliveries: [],
    });
  });

  test("row 1: a crossing call that is over does not stand in the way", () => {
    const crossing = after(
      invite({ callId: "c0", caller: ben1, calleeUser: "ana", ringable: [ana] }),
      end(ben1),
    );
    expect(decide(undefined, invite({ crossing })).record).toEqual(ringing);
  });

  test("row 5: an Invite that comes again changes nothing and rings nobody", () => {
    expect(decide(ringing, invite({ at: 500 }))).toEqual(refused(ringing, undefined));
    expect(decide(active, invite({ at: 5_000 }))).toEqual(refused(active, undefined));
  });

  test("row 7: an Invite behind its own End is told that the call was cancelled, and never rings", () => {
    const cancelled = after(invite(), end(ana));
    expect(decide(cancelled, invite({ at: 9_000 }))).toEqual(refused(cancelled, "cancelled"));
  });

  test("row 18: a busy callee is not rung", () => {
    const decision = decide(undefined, invite({ calleeBusy: true }));
    const stillborn: CallRecord = { ...ringing, phase: "ended", reason: "busy", by: "server", endedAt: 0 };
    expect(decision).toEqual({ ...refused(stillborn, "busy") });
  });

  test("row 21: a call to the own account rings the other device, and each is told by its part in the call", () => {
    const other = endpoint("ana/2", "ana");
    const own = after(invite({ calleeUser: "ana", ringable: [other] }));
    expect(roleOf(own, ana.key)).toBe("caller");
    expect(roleOf(own, other.key)).toBe("callee");
    expect(decide(own, accept(other)).deliveries).toEqual([
      { to: "ana/1", event: { type: "accepted", mine: false } },
      { to: "ana/2", event: { type: "accepted", mine: true } },
    ]);
  });

  test("row 22: an endpoint that joins while it rings is rung with the time that is left", () => {
    const late = endpoint("ben/3", "ben");
    const decision = decide(alerted, { type: "endpointJoined", at: 20_000, endpoint: late });
    expect(decision).toEqual({
      record: { ...alerted, rev: 3, offered: [ben1, ben2, late] },
      applied: true,
      refusal: undefined,
      instead: undefined,
      deliveries: [{ to: "ben/3", event: { type: "incoming" } }],
    });
  });

  test("row 22: one that is known, another's, or too late is not rung", () => {
    for (const joined of [ben1, ana, eve]) {
      const input = { type: "endpointJoined", at: 20_000, endpoint: joined } as const;
      expect(decide(alerted, input)).toEqual(refused(alerted, undefined));
    }
    const late = { type: "endpointJoined", at: 20_000, endpoint: endpoint("ben/3", "ben") } as const;
    expect(decide(active, late)).toEqual(refused(active, undefined));
  });

  test("row 30: nobody online is unreachable at once", () => {
    const decision = decide(undefined, invite({ ringable: [] }));
    const stillborn: CallRecord = {
      ...ringing,
      offered: [],
      phase: "ended",
      reason: "unreachable",
      by: "server",
      endedAt: 0,
    };
    expect(decision).toEqual(refused(stillborn, "unreachable"));
  });

  test("row 30: endpoints that do not alert are unreachable after 15 s, not before", () => {
    expect(nextDeadline(ringing)).toBe(alertDeadlineMs);
    expect(decide(ringing, expired(alertDeadlineMs - 1))).toEqual(refused(ringing, undefined));
    const decision = decide(ringing, expired(alertDeadlineMs));
    expect(decision.record).toEqual({
      ...ringing,
      rev: 2,
      phase: "ended",
      reason: "unreachable",
      by: "server",
      endedAt: alertDeadlineMs,
    });
    expect(decision.deliveries).toEqual([
      ended(ana, "unreachable", "server"),
      ended(ben1, "unreachable", "server"),
      ended(ben2, "unreachable", "server"),
    ]);
  });
});

describe("ringing", () => {
  test("the first endpoint that alerts is news to the caller, a second one counts", () => {
    expect(decide(ringing, alerting(ben1)).deliveries).toEqual([
      { to: "ana/1", event: { type: "remoteAlerting", endpoints: 1 } },
    ]);
    expect(decide(alerted, alerting(ben2)).deliveries).toEqual([
      { to: "ana/1", event: { type: "remoteAlerting", endpoints: 2 } },
    ]);
    expect(decide(alerted, alerting(ben1))).toEqual(refused(alerted, undefined));
  });

  test("only an endpoint that was offered the call alerts", () => {
    for (const other of [ana, eve])
      expect(decide(ringing, alerting(other))).toEqual(refused(ringing, undefined));
  });

  test("34: an Alerting behind the Accept changes nothing and tells nobody", () => {
    expect(decide(active, alerting(ben1))).toEqual(refused(active, undefined));
    expect(decide(active, alerting(ben2))).toEqual(refused(active, "answered-elsewhere"));
  });

  test("it rings on until the deadline, then nobody answered", () => {
    expect(nextDeadline(alerted)).toBe(ringMs);
    expect(decide(alerted, expired(ringMs - 1))).toEqual(refused(alerted, undefined));
    expect(decide(alerted, expired(ringMs)).deliveries).toEqual([
      ended(ana, "no-answer", "server"),
      ended(ben1, "no-answer", "server"),
      ended(ben2, "no-answer", "server"),
    ]);
  });

  test("row 27: a caller who is gone for good has cancelled, and the ringing stops", () => {
    const decision = decide(alerted, { type: "endpointLost", at: 20_000, key: ana.key });
    expect(decision.record).toEqual({
      ...alerted,
      rev: 3,
      phase: "ended",
      reason: "cancelled",
      by: "caller",
      endedAt: 20_000,
    });
    expect(decision.deliveries).toEqual([
      ended(ana, "cancelled", "caller"),
      ended(ben1, "cancelled", "caller"),
      ended(ben2, "cancelled", "caller"),
    ]);
  });

  test("one endpoint of the callee that is gone leaves the others ringing, the last one ends the call", () => {
    const one = decide(alerted, { type: "endpointLost", at: 20_000, key: ben2.key });
    expect(one).toEqual({
      record: { ...alerted, rev: 3, offered: [ben1], left: [ben2] },
      applied: true,
      refusal: undefined,
      instead: undefined,
      deliveries: [],
    });
    const none = decide(one.record, { type: "endpointLost", at: 21_000, key: ben1.key });
    expect(none.deliveries).toEqual([
      ended(ana, "unreachable", "server"),
      ended(ben1, "unreachable", "server"),
      ended(ben2, "unreachable", "server"),
    ]);
  });

  test("an endpoint that went away hears of the accept or the end when it is back, so it does not ring on", () => {
    const without = decide(alerted, { type: "endpointLost", at: 1_500, key: ben2.key }).record;
    const elsewhere = ended(ben2, "answered-elsewhere", "callee", undefined, "device of ben/1");
    expect(decide(without, accept(ben1)).deliveries).toContainEqual(elsewhere);
    expect(decide(without, end(ana)).deliveries).toContainEqual(ended(ben2, "cancelled", "caller"));
    const back = decide(without, { type: "endpointJoined", at: 1_600, endpoint: ben2 });
    expect(back.record).toEqual({ ...alerted, rev: 4, left: [] });
    expect(back.deliveries).toEqual([{ to: "ben/2", event: { type: "incoming" } }]);
  });
});

test("of two endpoints that alerted and went away, the one that is back is the only one that is there again", () => {
  const ben3 = endpoint("ben/3", "ben");
  const both = after(
    invite({ ringable: [ben1, ben2, ben3] }),
    alerting(ben1),
    alerting(ben2),
    alerting(ben3),
  );
  const lost = (from: Endpoint): RecordInput => ({ type: "endpointLost", at: 1_500, key: from.key });
  const one = decide(decide(both, lost(ben2)).record, lost(ben3)).record;
  expect(one).toEqual({ ...both, rev: 6, offered: [ben1], left: [ben2, ben3], alerting: [ben1.key] });
  const back = decide(one, { type: "endpointJoined", at: 1_600, endpoint: ben2 }).record;
  expect(back).toEqual({ ...one, rev: 7, offered: [ben1, ben2], left: [ben3] });
});

describe("accept against the rest", () => {
  test("row 8: the Accept commits first, the caller's End is then a hang-up", () => {
    const decision = decide(active, end(ana, "cancelled"));
    expect(decision.record).toEqual({
      ...active,
      rev: 4,
      phase: "ended",
      reason: "hung-up",
      by: "caller",
      endedAt: 3_000,
    });
    expect(decision.deliveries).toEqual([ended(ben1, "hung-up", "caller", 1_000)]);
  });

  test("row 9: the End commits first, the Accept comes too late", () => {
    const cancelled = decide(alerted, end(ana));
    expect(cancelled.deliveries).toEqual([
      ended(ben1, "cancelled", "caller"),
      ended(ben2, "cancelled", "caller"),
    ]);
    const record = after(invite(), alerting(ben1), end(ana));
    expect(decide(record, accept(ben1, 3_001))).toEqual(refused(record, "cancelled"));
  });

  test("row 10: repeated, both get the same verdict", () => {
    const record = after(invite(), accept(ben1), end(ana));
    expect(decide(record, accept(ben1))).toEqual(refused(record, "hung-up"));
    expect(decide(record, end(ana))).toEqual(refused(record, "hung-up"));
  });

  test("row 11: of two Accepts the first wins, and the other device is told which one", () => {
    const first = decide(alerted, accept(ben1));
    expect(first.record).toEqual({
      ...alerted,
      rev: 3,
      phase: "active",
      kind: "audio",
      accepted: ben1,
      acceptedAt: 2_000,
    });
    expect(first.deliveries).toEqual([
      { to: "ana/1", event: { type: "accepted", mine: false } },
      { to: "ben/1", event: { type: "accepted", mine: true } },
      ended(ben2, "answered-elsewhere", "callee", undefined, "device of ben/1"),
    ]);
    expect(decide(active, accept(ben2))).toEqual(refused(active, "answered-elsewhere"));
  });

  test("the winner's Accept may come again", () => {
    expect(decide(active, accept(ben1, 9_000))).toEqual({ ...refused(active, undefined), applied: true });
  });

  test("row 12: a decline ends it everywhere, and a later Accept learns so", () => {
    const declined = decide(alerted, end(ben1, "declined"));
    expect(declined.deliveries).toEqual([
      ended(ana, "declined", "callee"),
      ended(ben2, "declined-elsewhere", "callee"),
    ]);
    const record = after(invite(), alerting(ben1), end(ben1, "declined"));
    expect(decide(record, accept(ben2, 3_001))).toEqual(refused(record, "declined-elsewhere"));
  });

  test("row 13: behind the other device's Accept a decline does nothing", () => {
    expect(decide(active, end(ben2, "declined"))).toEqual(refused(active, "answered-elsewhere"));
  });

  test("15: just before the ring deadline an Accept wins, at the deadline it does not", () => {
    expect(decide(alerted, accept(ben1, ringMs - 1)).applied).toBe(true);
    const late = decide(alerted, accept(ben1, ringMs));
    expect(late).toEqual({
      ...decide(alerted, expired(ringMs)),
      applied: false,
      refusal: "no-answer",
    });
    expect(decide(ringing, accept(ben1, ringMs))).toEqual({
      ...decide(ringing, expired(ringMs)),
      applied: false,
      refusal: "unreachable",
    });
  });

  test("row 16: an Accept behind the ring deadline is told that it was too late", () => {
    const record = after(invite(), alerting(ben1), expired(ringMs));
    expect(decide(record, accept(ben1, ringMs + 1))).toEqual(refused(record, "no-answer"));
  });

  test("row 17: the caller's own ring timer says no answer, and behind the server's it changes nothing", () => {
    expect(decide(alerted, end(ana, "no-answer")).deliveries).toEqual([
      ended(ben1, "no-answer", "caller"),
      ended(ben2, "no-answer", "caller"),
    ]);
    const record = after(invite(), alerting(ben1), expired(ringMs));
    expect(decide(record, end(ana, "no-answer"))).toEqual(refused(record, "no-answer"));
  });
});

describe("ending", () => {
  test("rows 98, 99: of two hang-ups the first counts, the second changes nothing", () => {
    const first = decide(active, end(ben1, "hung-up"));
    expect(first.deliveries).toEqual([ended(ana, "hung-up", "callee", 1_000)]);
    const record = after(invite(), alerting(ben1), accept(ben1), end(ben1));
    expect(decide(record, end(ana))).toEqual(refused(record, "hung-up"));
    expect(decide(record, end(ben1))).toEqual(refused(record, "hung-up"));
  });

  test("a failure keeps its name, any other wish of a party of an active call is a hang-up", () => {
    expect(decide(active, end(ana, "media-lost")).record?.reason).toBe("media-lost");
    expect(decide(active, end(ana, "busy")).record?.reason).toBe("hung-up");
    expect(decide(alerted, end(ben1, "busy")).record?.reason).toBe("busy");
    expect(decide(alerted, end(ben1, "media-device")).record?.reason).toBe("media-device");
    expect(decide(alerted, end(ben1, "incompatible")).record?.reason).toBe("incompatible");
    expect(decide(alerted, end(ana, "busy")).record?.reason).toBe("cancelled");
  });

  test("a device that fails while it answers has not declined", () => {
    expect(decide(alerted, end(ben1, "negotiation-failed"))).toMatchObject({
      record: { phase: "ended", reason: "negotiation-failed" },
      deliveries: [ended(ana, "negotiation-failed", "callee"), ended(ben2, "negotiation-failed", "callee")],
    });
  });

  test("a party whose lease ran out ends an active call, a losing device does not", () => {
    const lost = decide(active, { type: "endpointLost", at: 62_000, key: ben1.key });
    expect(lost.deliveries).toEqual([
      ended(ana, "peer-lost", "server", 60_000),
      ended(ben1, "peer-lost", "server", 60_000),
    ]);
    expect(decide(active, { type: "endpointLost", at: 62_000, key: ben2.key })).toEqual(
      refused(active, undefined),
    );
  });
});

describe("relaying", () => {
  test("while it rings the caller's signals go to every device, each device's to the caller", () => {
    expect(relayTargets(alerted, ana.key)).toEqual([ben1, ben2]);
    expect(relayTargets(alerted, ben2.key)).toEqual([ana]);
  });

  test("row 39: once one has won, the losers neither send nor receive", () => {
    expect(relayTargets(active, ana.key)).toEqual([ben1]);
    expect(relayTargets(active, ben2.key)).toEqual([]);
    expect(mayRelay(active, ben2.key)).toBe(false);
  });

  test("nobody relays in a call that is over, and a stranger in none", () => {
    const over = after(invite(), accept(ben1), end(ana));
    expect([ana, ben1, eve].map(({ key }) => relayTargets(over, key))).toEqual([[], [], []]);
    expect([ringing, active].map((record) => relayTargets(record, eve.key))).toEqual([[], []]);
  });
});

const phases: Readonly<Record<string, CallRecord | undefined>> = {
  none: undefined,
  ringing,
  silent: after(invite({ silent: true })),
  alerting: alerted,
  active,
  cancelled: after(invite(), alerting(ben1), end(ana)),
  declined: after(invite(), alerting(ben1), end(ben1)),
  expired: after(invite(), alerting(ben1), expired(ringMs)),
  "hung up": after(invite(), alerting(ben1), accept(ben1), end(ana)),
};

const actors = { caller: ana, callee: ben1, "other device": ben2, stranger: eve };

const inputs: Readonly<Record<string, (from: Endpoint) => RecordInput>> = {
  alerting: (from) => alerting(from, 4_000),
  accept: (from) => accept(from, 4_000),
  "accept at the deadline": (from) => accept(from, ringMs),
  end: (from) => end(from, undefined, 4_000),
  "end (busy)": (from) => end(from, "busy", 4_000),
  "end (no-answer)": (from) => end(from, "no-answer", 4_000),
  "end (connect-failed)": (from) => end(from, "connect-failed", 4_000),
  "alerting (early answer)": (from) => ({ type: "alerting", at: 4_000, from: from.key, earlyAnswer: true }),
  "accept (busy)": (from) => ({ type: "accept", at: 4_000, from: from.key, kind: "audio", busy: true }),
  revoked: (from) => ({ type: "revoked", at: 4_000, key: from.key }),
  endpointLost: (from) => ({ type: "endpointLost", at: 4_000, key: from.key }),
  endpointJoined: (from) => ({ type: "endpointJoined", at: 4_000, endpoint: from }),
};

const inputsOfNobody: Readonly<Record<string, RecordInput>> = {
  invite: invite({ at: 4_000 }),
  feignedAlerting: { type: "feignedAlerting", at: 4_000 },
  replaced: { type: "replaced", at: 4_000, by: "caller" },
  crowdedOut: { type: "crowdedOut", at: 4_000 },
  "durationReached at 2 s": { type: "durationReached", at: 4_000, maxMs: 2_000 },
  "ringExpired at 4 s": expired(4_000),
  "ringExpired at 15 s": expired(alertDeadlineMs),
  "ringExpired at 60 s": expired(ringMs),
};

test("the committed table of every phase, input and role is what the record decides (UPDATE=1 rewrites it)", () => {
  const rows = Object.entries(phases).flatMap(([phase, record]) => [
    ...Object.entries(inputsOfNobody).map(([name, input]) =>
      row(phase, name, "–", decide(record, input), record),
    ),
    ...Object.entries(inputs).flatMap(([name, make]) =>
      Object.entries(actors).map(([actor, from]) =>
        row(phase, name, actor, decide(record, make(from)), record),
      ),
    ),
  ]);
  const table = [...head, ...rows, ""].join("\n");
  expect(table).toBe(committed(new URL("./decisions.md", import.meta.url), table));
});

const head = [
  "# What the call record decides",
  "",
  "Written by `decide.test.ts` (`UPDATE=1`). ana/1 calls ben, who has ben/1 and ben/2; ben/1 is the one that accepts or",
  "declines. A dash: nothing changes and nobody is told.",
  "",
  "| phase | input | from | applied, or refused with | record | told |",
  "|---|---|---|---|---|---|",
];

function row(
  phase: string,
  input: string,
  from: string,
  decision: Decision,
  before: CallRecord | undefined,
): string {
  const { record, applied, refusal, deliveries } = decision;
  const verdict = applied ? "applied" : (refusal ?? "–");
  const told = deliveries.map(({ to, event }) => `${to} ${wordsOf(event)}`).join("; ") || "–";
  return `| ${phase} | ${input} | ${from} | ${verdict} | ${record === before ? "–" : summary(record)} | ${told} |`;
}

function summary(record: CallRecord | undefined): string {
  if (!record) return "none";
  const { rev, phase, accepted, reason, by, offered } = record;
  const what =
    phase === "ended"
      ? `ended ${reason} by ${by}`
      : `${phase} ${accepted?.key ?? offered.map(({ key }) => key).join(" ")}`;
  return `rev ${rev} ${what}`;
}

function wordsOf(event: Delivery["event"]): string {
  switch (event.type) {
    case "incoming":
      return "incoming";
    case "remoteAlerting":
      return `remoteAlerting ${event.endpoints}${event.early ? " (early answer)" : ""}`;
    case "accepted":
      return event.mine ? "accepted (mine)" : "accepted";
    case "ended":
      return `ended ${event.reason} by ${event.by}${event.deviceLabel ? ` on "${event.deviceLabel}"` : ""}`;
  }
}
