import fc from "fast-check";
import { expect, test } from "vitest";
import type { EndReason } from "../types.ts";
import {
  type CallRecord,
  decide,
  type Endpoint,
  nextDeadline,
  type RecordInput,
  relayTargets,
  roleOf,
  signalTargets,
} from "./index.ts";

const keys = ["ana/1", "ben/1", "ben/2", "ben/3", "eve/1"] as const;
const endpoint = (key: string): Endpoint => ({
  key,
  user: key.split("/")[0] ?? "",
  displayName: key,
  party: key,
  deviceLabel: key,
});
const from = fc.constantFrom(...keys);
const wishes: readonly (EndReason | undefined)[] = [
  undefined,
  "hung-up",
  "busy",
  "no-answer",
  "media-lost",
  "security",
];

/** Inputs with the time that passes before each. */
const step: fc.Arbitrary<{ waitMs: number; input: (at: number) => RecordInput }> = fc.record({
  waitMs: fc.constantFrom(0, 1, 500, 15_000, 60_000),
  input: fc.oneof(
    from.map(
      (key) =>
        (at: number): RecordInput => ({ type: "alerting", at, from: key }),
    ),
    from.map(
      (key) =>
        (at: number): RecordInput => ({ type: "accept", at, from: key, kind: "audio" }),
    ),
    fc.tuple(from, fc.constantFrom(...wishes)).map(
      ([key, wish]) =>
        (at: number): RecordInput => ({ type: "end", at, from: key, wish }),
    ),
    from.map(
      (key) =>
        (at: number): RecordInput => ({ type: "alerting", at, from: key, earlyAnswer: true }),
    ),
    from.map(
      (key) =>
        (at: number): RecordInput => ({ type: "accept", at, from: key, kind: "audio", busy: true }),
    ),
    fc.constant((at: number): RecordInput => ({ type: "ringExpired", at })),
    fc.constant((at: number): RecordInput => ({ type: "feignedAlerting", at })),
    fc.constant((at: number): RecordInput => ({ type: "replaced", at, by: "caller" })),
    fc.constant((at: number): RecordInput => ({ type: "crowdedOut", at })),
    fc.constant((at: number): RecordInput => ({ type: "durationReached", at, maxMs: 60_000 })),
    from.map(
      (key) =>
        (at: number): RecordInput => ({ type: "endpointLost", at, key }),
    ),
    from.map(
      (key) =>
        (at: number): RecordInput => ({ type: "endpointJoined", at, endpoint: endpoint(key) }),
    ),
    fc.constant(invite),
    fc.constant((at: number): RecordInput => ({ ...invite(at), silent: true })),
  ),
});

function invite(at: number): Extract<RecordInput, { type: "invite" }> {
  return {
    type: "invite",
    at,
    callId: "c1",
    kind: "video",
    caller: endpoint("ana/1"),
    calleeUser: "ben",
    ringable: [endpoint("ben/1"), endpoint("ben/2")],
    ringMs: 60_000,
    calleeBusy: false,
    crossing: undefined,
  };
}

interface Step {
  readonly before: CallRecord | undefined;
  readonly input: RecordInput;
  readonly decision: ReturnType<typeof decide>;
}

const firsts = fc.constantFrom<(at: number) => RecordInput>(
  invite,
  (at) => ({ ...invite(at), ringable: [endpoint("ben/1")] }),
  (at) => ({ ...invite(at), silent: true }),
  (at) => ({ ...invite(at), stranger: true }),
);

const histories = fc
  .tuple(firsts, fc.array(step, { maxLength: 14 }))
  .map(([first, steps]): readonly Step[] => {
    let at = 0;
    let before: CallRecord | undefined;
    return [{ waitMs: 0, input: first }, ...steps].map(({ waitMs, input: make }) => {
      at += waitMs;
      const input = make(at);
      const decision = decide(before, input);
      const done: Step = { before, input, decision };
      before = decision.record;
      return done;
    });
  });

function always(title: string, holds: (step: Step) => void): void {
  test(title, () => {
    fc.assert(
      fc.property(histories, (history) => history.forEach(holds)),
      { seed: 20_260_101, numRuns: 500 },
    );
  });
}

always("invariant 1: one endpoint at most is the accepted one, and it stays that", ({ before, decision }) => {
  if (before?.accepted) expect(decision.record?.accepted).toBe(before.accepted);
  if (decision.record?.phase === "active") expect(decision.record.accepted).toBeDefined();
});

always(
  "invariant 2: the caller is told of an accept exactly when the record has it",
  ({ before, decision }) => {
    const toCaller = decision.deliveries.filter(
      ({ to, event }) => to === "ana/1" && event.type === "accepted",
    );
    const becameActive = before?.phase === "ringing" && decision.record?.phase === "active";
    expect(toCaller.length).toBe(becameActive ? 1 : 0);
    const toWinner = decision.deliveries.flatMap(({ to, event }) =>
      event.type === "accepted" && event.mine ? [to] : [],
    );
    expect(toWinner).toEqual(becameActive ? [decision.record?.accepted?.key] : []);
  },
);

always("invariant 3: what is over stays as it is", ({ before, decision }) => {
  if (before?.phase === "ended") expect([decision.record, decision.deliveries]).toEqual([before, []]);
});

always(
  "invariant 4: each change has the next rev, and without one nobody is told",
  ({ before, decision }) => {
    if (!before) return;
    if (decision.record === before) expect(decision.deliveries).toEqual([]);
    else expect(decision.record?.rev).toBe(before.rev + 1);
  },
);

always(
  "invariant 8: only a party, or the server by its own rules, ends an active call",
  ({ before, input, decision }) => {
    if (before?.phase !== "active" || decision.record === before) return;
    if (input.type === "replaced" || input.type === "durationReached") return;
    const who = input.type === "end" ? input.from : input.type === "endpointLost" ? input.key : "";
    expect([before.caller.key, before.accepted?.key]).toContain(who);
  },
);

always(
  "everyone who is in the call or was ever offered it hears its end once",
  ({ before, input, decision }) => {
    if (before?.phase === "ended" || decision.record?.phase !== "ended" || !before) return;
    const told = decision.deliveries.map(({ to }) => to);
    const asked = input.type === "end" ? input.from : "";
    const inIt = before.accepted ? [before.accepted] : [...before.offered, ...(before.left ?? [])];
    const expected = [before.caller, ...inIt].map(({ key }) => key).filter((key) => key !== asked);
    expect(told.toSorted()).toEqual(expected.toSorted());
  },
);

always("a ringing call has a deadline, any other has none", ({ decision: { record } }) => {
  if (record) expect(nextDeadline(record) !== undefined).toBe(record.phase === "ringing");
});

always("signals reach parties alone, and never their sender", ({ decision: { record } }) => {
  if (!record) return;
  for (const key of keys) {
    const targets = relayTargets(record, key).map((target) => target.key);
    expect(targets).not.toContain(key);
    expect(targets.every((target) => roleOf(record, target) !== undefined)).toBe(true);
    if (record.phase === "ended") expect(targets).toEqual([]);
  }
});

always(
  "invariant 25: before the accept only an endpoint that was rung alone signals, and to no stranger",
  ({ decision: { record } }) => {
    if (record?.phase !== "ringing") return;
    const open = keys.filter((key) => key !== record.caller.key && signalTargets(record, key).length > 0);
    if (open.length === 0) return;
    expect([open, record.stranger]).toEqual([[record.early], undefined]);
  },
);

always("row 32: a silent call is told to its caller alone", ({ decision: { record, deliveries } }) => {
  if (!record?.silent) return;
  expect([record.offered, record.accepted]).toEqual([[], undefined]);
  expect(deliveries.every(({ to }) => to === record.caller.key)).toBe(true);
});
