import { EndReason, type Event, type RelayPolicy } from "@peerline/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CallPermission, developmentPolicy } from "../policy.ts";
import { accept, alerting, candidates, end, invite, newCallId } from "../testing/commands.ts";
import type { Action, TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { heard } from "../testing/heard.ts";
import { outcome, over } from "../testing/outage.ts";

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;
let callId: Uint8Array<ArrayBuffer>;
let permission: CallPermission | boolean;

beforeEach(async () => {
  callId = newCallId();
  permission = true;
  harness = await startHarness({
    policy: { ...developmentPolicy, mayCall: (from) => (from === "ada" ? permission : true) },
    ids: fixedIds(),
  });
  [ada, bob] = [await harness.open("ada"), await harness.open("bob")];
});
afterEach(() => harness.close());

function fixedIds() {
  let count = 0;
  const hex = (bytes: number) => (++count).toString(16).padStart(2 * bytes, "0");
  return { epoch: () => hex(8), party: () => hex(16), random: () => 0.5 };
}

/** What a caller can see of an event, and when. */
const seen = (start: number, { at, callRev, body }: Event) => ({
  afterMs: Number(at?.seconds) * 1000 + Math.floor((at?.nanos ?? 0) / 1e6) - start,
  rev: callRev,
  body,
});

describe("32: a caller whom the callee does not want", () => {
  /** A whole call that nobody takes, as its caller sees it. `alert`: the callee's device, when it is rung. */
  const unanswered = async (id: Uint8Array, alert: () => Promise<unknown>) => {
    const caller = await harness.open("ada");
    const start = harness.clock.now();
    const placed = await caller.run(invite(id, "bob"));
    await harness.clock.advance(180);
    await alert();
    await caller.event("remoteAlerting");
    const signaled = await caller.run(candidates(id, 2));
    const repeated = await caller.run(invite(id, "bob"));
    await harness.clock.advance(59_820);
    await caller.event("ended");
    const late = await caller.run(end(id));
    const events = caller.events.map((event) => seen(start, event));
    const results = [placed, signaled, repeated, late].map(({ ticket, state, ...rest }) => ({
      ...rest,
      ticketBytes: ticket.length,
      state: { ...state, callId: undefined, localParty: undefined },
    }));
    return { events, results };
  };

  test("32: sees what it would see of a call that nobody takes, at the same times", async () => {
    const ignored = await unanswered(callId, () => bob.run(alerting(callId)));
    const before = await heard(bob);
    permission = false;
    const blocked = await unanswered(newCallId(), async () => {});
    expect(blocked).toEqual(ignored);
    expect(blocked.events.map(({ body }) => body.case)).toEqual(["remoteAlerting", "ended"]);
    expect(await heard(bob)).toEqual(before);
  });

  test("32: sees the same when the callee talks, or is not there", async () => {
    const carl = await harness.open("carl");
    await carl.run(invite(newCallId(), "bob"));
    permission = false;
    await harness.clock.advance(15_000);
    for (const callee of ["bob", "nobody"]) {
      const id = newCallId();
      expect((await ada.run(invite(id, callee))).applied).toBe(true);
      await harness.clock.advance(300);
      expect((await ada.event("remoteAlerting")).endpoints).toBe(1);
      await ada.run(end(id));
    }
  });

  test.each(["silent", "relay-until-accept"] as const)(
    "32: learns neither name nor presence of the callee, as one for %s learns none",
    async (how) => {
      permission = how;
      const shown = async (callee: string) => {
        const caller = await harness.open("ada");
        const { state } = await caller.run(invite(newCallId(), callee));
        return [state?.remote?.displayName, state?.remote?.assertedIdentity, state?.remote?.partyId.length];
      };
      await harness.open("dora", { displayName: "Dora Diaz" });
      expect([await shown("dora"), await shown("nobody")]).toEqual([
        ["dora", "dora", 0],
        ["nobody", "nobody", 0],
      ]);
    },
  );

  test("32: sees the same of a callee who is there, talks, has left or never was", async () => {
    permission = false;
    const carl = await harness.open("carl", { displayName: "Carl Cane" });
    const dora = await harness.open("dora", { displayName: "Dora Diaz" });
    const fred = await harness.open("fred", { displayName: "Fred Fox" });
    const talk = newCallId();
    await carl.run(invite(talk, "dora"));
    await dora.run(accept(talk));
    fred.cut();
    await harness.logged("endpoint detached");
    await harness.clock.advance(30_000);
    const extension = { type: "acme.com/x.v1.Stroke", value: new Uint8Array([1]) };
    const relay: Action = { case: "relay", value: { callId, messageId: newCallId(), extension } };
    const whole = async (callee: string) => {
      callId = newCallId();
      const caller = await harness.open("ada");
      const start = harness.clock.now();
      const placed = await caller.run(invite(callId, callee));
      const said = await caller.run({ case: "relay", value: { ...relay.value, callId } });
      const snapshot = (await caller.reopen({ resume: { epoch: caller.hello().epoch, offset: 0n } })).resumed;
      await harness.clock.advance(60_000);
      await caller.event("ended");
      const of = ({ applied, error, state }: typeof placed) => ({
        applied,
        error,
        phase: state?.phase,
        isNamedAsAsked: state?.remote?.displayName === callee,
        party: state?.remote?.partyId,
        ringRemaining: state?.ringRemaining,
        rev: state?.rev,
      });
      const events = caller.events.map((event) => seen(start, event));
      return { placed: of(placed), said: of(said), snapshot, events };
    };
    const nobody = await whole("nobody");
    expect(
      [nobody.placed, nobody.said].map(({ applied, isNamedAsAsked }) => [applied, isNamedAsAsked]),
    ).toEqual([
      [true, true],
      [true, true],
    ]);
    for (const callee of ["bob", "carl", "dora", "fred"]) expect(await whole(callee)).toEqual(nobody);
  });

  test("32: takes nothing from the callee: no ring of a new device, no busy, no glare", async () => {
    permission = false;
    for (let count = 0; count < 4; count++) await (await harness.open("ada")).run(invite(newCallId(), "bob"));
    const tablet = await harness.open("bob");
    expect([tablet.hello().snapshot?.calls, await heard(tablet), await heard(bob)]).toEqual([[], [], []]);
    const carl = await harness.open("carl");
    expect((await carl.run(invite(newCallId(), "bob"))).applied).toBe(true);
    const back = newCallId();
    await ada.run(invite(newCallId(), "bob"));
    expect((await bob.run(invite(back, "ada"))).applied).toBe(true);
    expect((await ada.event("incoming")).call?.callId).toEqual(back);
  });
});

const earlyAnswer = { type: 2, pcGeneration: 1, offerNumber: 1, body: { case: "sdp", value: "early" } };
const alertingEarly = (answer: object = earlyAnswer): Action => ({
  case: "alerting",
  value: { callId, earlyAnswer: answer } as never,
});

describe("before the accept", () => {
  test("an early answer of the only device reaches the caller, and then its candidates", async () => {
    await ada.run(invite(callId, "bob"));
    await bob.run(candidates(callId, 1));
    expect(await heard(ada)).toEqual([]);
    await bob.run(alertingEarly());
    expect((await ada.event("remoteAlerting")).earlyAnswer?.body.value).toBe("early");
    await bob.run(candidates(callId, 2, { firstIndex: 1 }));
    expect(await heard(ada)).toEqual(["remoteAlerting", "candidates", "candidates"]);
    await bob.run(accept(callId));
    expect(await heard(ada)).toEqual(["remoteAlerting", "candidates", "candidates", "accepted"]);
  });

  test("one of two devices shows nothing of itself; the winner's candidates follow its Accept", async () => {
    const tablet = await harness.open("bob");
    await ada.run(invite(callId, "bob"));
    await bob.run(alertingEarly());
    expect((await ada.event("remoteAlerting")).earlyAnswer).toBeUndefined();
    await bob.run(candidates(callId, 1));
    await tablet.run(candidates(callId, 2));
    await tablet.run({ case: "mediaState", value: { callId, revision: 1 } });
    expect(await heard(ada)).toEqual(["remoteAlerting"]);
    await tablet.run(accept(callId));
    expect(await heard(ada)).toEqual(["remoteAlerting", "accepted", "candidates", "mediaState"]);
    const { body } = ada.events[2] ?? {};
    expect(body?.case === "candidates" && body.value.list).toHaveLength(2);
  });

  test("39: another device that comes later and wins is all that the caller hears from then on", async () => {
    await ada.run(invite(callId, "bob"));
    await bob.run(alertingEarly());
    await ada.event("remoteAlerting");
    const tablet = await harness.open("bob");
    const won = await tablet.run(accept(callId));
    for (const action of [candidates(callId, 1), alertingEarly()]) {
      expect(outcome(await bob.run(action))).toEqual(over(EndReason.ANSWERED_ELSEWHERE));
    }
    expect(await heard(ada)).toEqual(["remoteAlerting", "accepted"]);
    const [state] = (await ada.reopen()).snapshot?.calls ?? [];
    expect(state?.descriptions.map(({ fromParty }) => fromParty)).toEqual([won.state?.localParty]);
    expect(state?.candidates).toEqual([]);
  });

  test.each(["relay-until-accept", "relay-always"] as const)(
    "a caller for %s learns nothing",
    async (how) => {
      permission = how;
      await ada.run(invite(callId, "bob"));
      const policies = { "relay-until-accept": 2, "relay-always": 3 } satisfies Record<string, RelayPolicy>;
      expect((await bob.event("incoming")).relayPolicy).toBe(policies[how]);
      await bob.run(alertingEarly());
      await bob.run(candidates(callId, 1));
      expect((await ada.event("remoteAlerting")).earlyAnswer).toBeUndefined();
      expect(await heard(ada)).toEqual(["remoteAlerting"]);
      await bob.run(accept(callId));
      expect(await heard(ada)).toEqual(["remoteAlerting", "accepted", "candidates"]);
    },
  );

  test.each([
    ["an offer", { ...earlyAnswer, type: 1 }],
    ["nothing", { type: 2 }],
  ])("%s is no early answer, and nothing alerts", async (_, answer) => {
    await ada.run(invite(callId, "bob"));
    const { error } = await bob.run(alertingEarly(answer));
    expect(error?.field).toBe("alerting.early_answer");
    expect(await heard(ada)).toEqual([]);
  });

  test("an early answer beyond 64 KiB is too large", async () => {
    await ada.run(invite(callId, "bob"));
    const body = { case: "sdp", value: "x".repeat(65_537) };
    await expect(bob.run(alertingEarly({ ...earlyAnswer, body }))).rejects.toThrow(
      "alerting.early_answer.sdp",
    );
  });
});
