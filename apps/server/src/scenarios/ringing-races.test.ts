import { create } from "@bufbuild/protobuf";
import { CallPhase, CommandSchema, EndReason, Role } from "@peerline/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accept, alerting, answerSdp, candidates, end, invite, newCallId } from "../testing/commands.ts";
import type { Action, TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { heard } from "../testing/heard.ts";
import { active, outcome, over, snapshotOf } from "../testing/outage.ts";

let harness: Harness;
let ada: TestEndpoint;
let phone: TestEndpoint;
let tablet: TestEndpoint;
let callId: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  callId = newCallId();
  harness = await startHarness();
  ada = await harness.open("ada");
  phone = await harness.open("bob", { product: "phone" });
  tablet = await harness.open("bob", { product: "tablet" });
});
afterEach(() => harness.close());

const ring = async () => {
  await ada.run(invite(callId, "bob"));
  await phone.run(alerting(callId));
};
const command = (clientSeq: bigint, action: Action) => create(CommandSchema, { clientSeq, action });
/** The same command in a new epoch, where the server has no stored result for it. */
const again = async (endpoint: TestEndpoint, action: Action) => {
  await endpoint.reopen();
  return outcome(await endpoint.run(action));
};

test("5: an Invite whose result was lost gives the same state again, and rings once", async () => {
  const batch = [command(1n, invite(callId, "bob"))];
  const [first, second] = [await ada.sendRaw(batch), await ada.sendRaw(batch)];
  expect(second).toEqual(first);
  const later = await again(ada, invite(callId, "bob"));
  expect(later).toEqual([false, CallPhase.RINGING, EndReason.UNSPECIFIED]);
  expect([await heard(phone), await heard(tablet)]).toEqual([["incoming"], ["incoming"]]);
});

test("7: an Invite behind its own End is told that the call was cancelled, and nobody rings", async () => {
  await ada.run(invite(callId, "bob"));
  await ada.run(end(callId));
  expect(outcome(await ada.run(invite(callId, "bob")))).toEqual(over(EndReason.CANCELLED));
  expect(await again(ada, invite(callId, "bob"))).toEqual(over(EndReason.CANCELLED));
  expect(await heard(phone)).toEqual(["incoming", "ended"]);
});

describe("the caller cancels while the callee accepts", () => {
  test("8: the Accept commits first: the End is a hang-up, and both hear that the call has ended", async () => {
    await ring();
    expect(outcome(await phone.run(accept(callId)))).toEqual(active);
    const ended = await ada.run(end(callId, { reason: EndReason.CANCELLED }));
    expect(outcome(ended)).toEqual([true, CallPhase.ENDED, EndReason.HANGUP]);
    expect(await phone.event("ended")).toMatchObject({ reason: EndReason.HANGUP, by: Role.CALLER });
    await Promise.all([ada.reopen(), phone.reopen()]);
    expect([snapshotOf(ada), snapshotOf(phone)]).toEqual([[], []]);
  });

  test("9: the End commits first: the Accept comes too late, and no answer leaves", async () => {
    await ring();
    expect(outcome(await ada.run(end(callId)))).toEqual([true, CallPhase.ENDED, EndReason.CANCELLED]);
    expect(outcome(await phone.run(accept(callId)))).toEqual(over(EndReason.CANCELLED));
    expect(await phone.event("ended")).toMatchObject({ reason: EndReason.CANCELLED, by: Role.CALLER });
    expect(await heard(ada)).toEqual(["remoteAlerting"]);
  });

  test.each([
    ["the Accept first", ["phone", "ada"], EndReason.HANGUP],
    ["the End first", ["ada", "phone"], EndReason.CANCELLED],
  ] as const)(
    "10: with both results lost the retries give the same verdict, %s",
    async (_, order, reason) => {
      await ring();
      const sent = { phone: accept(callId), ada: end(callId) };
      for (const who of order) await (who === "ada" ? ada : phone).run(sent[who]);
      expect(await again(phone, accept(callId))).toEqual(over(reason));
      expect(await again(ada, end(callId))).toEqual(over(reason));
    },
  );
});

test.each(["phone", "tablet"] as const)("11: of two Accepts at once one wins, here the %s", async (first) => {
  await ring();
  const [winner, loser] = first === "phone" ? [phone, tablet] : [tablet, phone];
  const won = await winner.run(accept(callId));
  expect(outcome(won)).toEqual(active);
  expect(outcome(await loser.run(accept(callId)))).toEqual(over(EndReason.ANSWERED_ELSEWHERE));
  expect(await loser.event("ended")).toMatchObject({
    reason: EndReason.ANSWERED_ELSEWHERE,
    deviceLabel: first,
  });
  const accepted = await ada.event("accepted");
  expect([accepted.remote?.partyId, accepted.answer?.body.value]).toEqual([won.state?.localParty, answerSdp]);
  expect((await heard(ada)).filter((body) => body === "accepted")).toHaveLength(1);
});

test("11: two Accepts that run side by side have one winner too", async () => {
  await ring();
  const results = await Promise.all([phone.run(accept(callId)), tablet.run(accept(callId))]);
  expect(results.filter(({ applied }) => applied)).toHaveLength(1);
  expect(results.map(outcome)).toContainEqual(over(EndReason.ANSWERED_ELSEWHERE));
  expect((await heard(ada)).filter((body) => body === "accepted")).toHaveLength(1);
});

describe("one device declines while the other accepts", () => {
  test("12: a decline that commits first ends the call everywhere", async () => {
    await ring();
    expect((await phone.run(end(callId))).applied).toBe(true);
    expect(outcome(await tablet.run(accept(callId)))).toEqual(over(EndReason.DECLINED_ELSEWHERE));
    expect((await tablet.event("ended")).reason).toBe(EndReason.DECLINED_ELSEWHERE);
    expect(await ada.event("ended")).toMatchObject({ reason: EndReason.DECLINED, by: Role.CALLEE });
  });

  test("13: an Accept that commits first keeps the call, and the decline does nothing", async () => {
    await ring();
    await tablet.run(accept(callId));
    expect(outcome(await phone.run(end(callId)))).toEqual(over(EndReason.ANSWERED_ELSEWHERE));
    await ada.run(candidates(callId, 1));
    expect((await tablet.event("candidates")).callId).toEqual(callId);
    expect(await heard(ada)).toEqual(["remoteAlerting", "accepted"]);
  });
});

describe("the ring deadline", () => {
  test("15: an Accept one millisecond before it wins, and nothing ends the call later", async () => {
    await ring();
    await harness.clock.advance(59_999);
    expect(outcome(await phone.run(accept(callId)))).toEqual(active);
    await harness.clock.advance(1);
    expect([await heard(ada), await heard(phone)]).toEqual([
      ["remoteAlerting", "accepted"],
      ["incoming", "accepted"],
    ]);
  });

  test("15, 16: an Accept behind it is told NO_ANSWER, and both sides agree", async () => {
    await ring();
    await harness.clock.advance(60_000);
    expect(outcome(await phone.run(accept(callId)))).toEqual(over(EndReason.NO_ANSWER));
    for (const endpoint of [ada, phone, tablet]) {
      expect((await endpoint.event("ended")).reason).toBe(EndReason.NO_ANSWER);
    }
    expect(await heard(ada)).toEqual(["remoteAlerting", "ended"]);
  });

  test("17: the caller's own timer is first: the callee hears NO_ANSWER", async () => {
    await ring();
    await harness.clock.advance(59_000);
    const ended = await ada.run(end(callId, { reason: EndReason.NO_ANSWER }));
    expect(outcome(ended)).toEqual([true, CallPhase.ENDED, EndReason.NO_ANSWER]);
    expect((await phone.event("ended")).reason).toBe(EndReason.NO_ANSWER);
    await harness.clock.advance(60_000);
    expect(await heard(phone)).toEqual(["incoming", "ended"]);
  });

  test("17: the server's is first: the caller's End changes nothing", async () => {
    await ring();
    await harness.clock.advance(60_000);
    const ended = await ada.run(end(callId, { reason: EndReason.NO_ANSWER }));
    expect(outcome(ended)).toEqual(over(EndReason.NO_ANSWER));
    expect((await phone.event("ended")).reason).toBe(EndReason.NO_ANSWER);
    expect(await heard(phone)).toEqual(["incoming", "ended"]);
  });
});

test("34: an Alerting behind the Accept changes nothing, and the caller does not hear of it", async () => {
  await ada.run(invite(callId, "bob"));
  const { state } = await phone.run(accept(callId));
  const late = await phone.run(alerting(callId));
  expect([late.applied, late.state?.phase, late.state?.rev]).toEqual([false, CallPhase.ACTIVE, state?.rev]);
  expect(outcome(await tablet.run(alerting(callId)))).toEqual(over(EndReason.ANSWERED_ELSEWHERE));
  expect(await heard(ada)).toEqual(["accepted"]);
});

test("39: nothing of a device that lost is relayed, nor of anyone after the end", async () => {
  await ring();
  await phone.run(accept(callId));
  const media: Action = { case: "mediaState", value: { callId, revision: 1 } };
  const offer: Action = { case: "description", value: { callId, type: 1, offerNumber: 1 } };
  for (const action of [candidates(callId, 2), offer, media]) {
    expect(outcome(await tablet.run(action))).toEqual(over(EndReason.ANSWERED_ELSEWHERE));
  }
  expect(await heard(ada)).toEqual(["remoteAlerting", "accepted"]);
  await ada.run(end(callId));
  for (const endpoint of [ada, phone, tablet]) {
    expect((await endpoint.run(candidates(callId, 2))).applied).toBe(false);
  }
  expect(await heard(ada)).toEqual(["remoteAlerting", "accepted"]);
  expect(await heard(phone)).toEqual(["incoming", "accepted", "ended"]);
});
