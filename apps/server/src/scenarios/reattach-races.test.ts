import { AlertPolicy, CallPhase, EndReason, ErrorCode, Role } from "@peerline/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accept, candidates, end, invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import {
  active,
  type Outage,
  outcome,
  over,
  reattach,
  snapshotOf,
  startOutage,
  talk,
} from "../testing/outage.ts";

let outage: Outage;
let ada: TestEndpoint;
let bob: TestEndpoint;
let callId: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  callId = newCallId();
  outage = await startOutage();
  ada = await outage.harness().open("ada");
  bob = await outage.harness().open("bob");
});
afterEach(() => outage.close());

describe("an end that the server forgot", () => {
  test("85: the caller hung up during the outage, so the callee's ticket finds the call over", async () => {
    const { callers, callees } = await talk(ada, bob, callId);
    await outage.restart();
    ada = await outage.back(ada);
    expect(outcome(await ada.run(end(callId)))).toBe(ErrorCode.NO_SUCH_CALL);
    const ended = await ada.run(end(callId, { ticket: callers }));
    expect([ended.applied, ended.state?.endReason]).toEqual([true, EndReason.HANGUP]);
    bob = await outage.back(bob);
    expect(snapshotOf(bob)).toEqual([]);
    expect(outcome(await bob.run(reattach(callees, callId)))).toEqual(over(EndReason.HANGUP));
    expect(outcome(await ada.run(end(callId, { ticket: callers })))).toEqual(over(EndReason.HANGUP));
  });

  test("85: the same from the callee", async () => {
    const { callers, callees } = await talk(ada, bob, callId);
    await outage.restart();
    [ada, bob] = [await outage.back(ada), await outage.back(bob)];
    expect((await bob.run(end(callId, { ticket: callees }))).applied).toBe(true);
    expect(outcome(await ada.run(reattach(callers, callId)))).toEqual(over(EndReason.HANGUP));
  });

  test("85: a caller who cancelled without knowing that somebody had accepted ends it too", async () => {
    const { ticket } = await ada.run(invite(callId, "bob"));
    const { ticket: callees } = await bob.run(accept(callId));
    await outage.restart();
    [ada, bob] = [await outage.back(ada), await outage.back(bob)];
    expect((await ada.run(end(callId, { ticket }))).state?.endReason).toBe(EndReason.CANCELLED);
    expect(outcome(await bob.run(reattach(callees, callId)))).toEqual(over(EndReason.CANCELLED));
  });

  test("85: it ends a call that the other party has restored meanwhile", async () => {
    const { callers, callees } = await talk(ada, bob, callId);
    await outage.restart();
    [ada, bob] = [await outage.back(ada), await outage.back(bob)];
    await bob.run(reattach(callees, callId));
    expect((await ada.run(end(callId, { ticket: callers }))).applied).toBe(true);
    expect(await bob.event("ended")).toMatchObject({ reason: EndReason.HANGUP, by: Role.CALLER });
  });
});

describe("an accept that the caller did not hear of", () => {
  let tablet: TestEndpoint;
  let callees: Uint8Array;

  beforeEach(async () => {
    tablet = await outage.harness().open("bob", { product: "tablet" });
    await ada.run(invite(callId, "bob"));
    callees = (await bob.run(accept(callId))).ticket;
    await outage.restart();
    [ada, bob, tablet] = [await outage.back(ada), await outage.back(bob), await outage.back(tablet)];
    expect((await ada.run(invite(callId, "bob"))).applied).toBe(true);
  });

  test("86: the winner's ticket turns the repeated ringing into the call", async () => {
    const won = await bob.run(reattach(callees, callId));
    expect([outcome(won), won.state?.remote?.user]).toEqual([active, "ada"]);
    expect(await ada.event("accepted")).toMatchObject({ mine: false, remote: { user: "bob" } });
    expect((await tablet.event("ended")).reason).toBe(EndReason.ANSWERED_ELSEWHERE);
    expect(outcome(await tablet.run(accept(callId)))).toEqual(over(EndReason.ANSWERED_ELSEWHERE));
    await bob.run(candidates(callId, 1));
    expect((await ada.event("candidates")).fromParty).toEqual(won.state?.localParty);
    await outage.harness().clock.advance(60_000 - 1);
    await ada.reopen();
    expect(snapshotOf(ada)).toHaveLength(1);
  });

  test("86: another device that accepted in between stays, and the first is told so", async () => {
    await tablet.run(accept(callId));
    expect(outcome(await bob.run(reattach(callees, callId)))).toEqual(over(EndReason.ANSWERED_ELSEWHERE));
    expect((await bob.run(reattach(callees, callId))).ticket).toEqual(new Uint8Array());
    await tablet.run(candidates(callId, 1));
    expect((await ada.event("candidates")).callId).toEqual(callId);
    await bob.reopen();
    expect(snapshotOf(bob)).toEqual([]);
  });
});

describe("one call at a time", () => {
  test("20: an endpoint that talks again cannot restore another call, nor can its peer", async () => {
    const { callers, callees } = await talk(ada, bob, callId);
    const carl = await outage.harness().open("carl");
    await outage.restart();
    [ada, bob] = [await outage.back(ada), await outage.back(bob)];
    await talk(ada, await outage.back(carl), newCallId());
    expect(outcome(await bob.run(reattach(callees, callId)))).toEqual(over(EndReason.BUSY));
    expect(outcome(await ada.run(reattach(callers, callId)))).toEqual(over(EndReason.BUSY));
    expect(snapshotOf(bob)).toEqual([]);
  });

  test("20: a program takes all its calls back, whoever is the first to come", async () => {
    const echo = await outage.harness().open("echo", { policy: AlertPolicy.AUTO_ANSWER });
    const second = newCallId();
    const first = await talk(ada, echo, callId);
    const other = await talk(bob, echo, second);
    await outage.restart();
    [ada, bob] = [await outage.back(ada), await outage.back(bob)];
    expect(outcome(await ada.run(reattach(first.callers, callId)))).toEqual(active);
    expect(outcome(await bob.run(reattach(other.callers, second)))).toEqual(active);
    const program = await outage.back(echo);
    expect(snapshotOf(program).map((call) => call.callId)).toEqual([callId, second]);
  });
});

test("101: a call of the same id between others is not touched by a ticket", async () => {
  const { callers } = await talk(ada, bob, callId);
  const carl = await outage.harness().open("carl");
  await outage.restart();
  [ada, bob] = [await outage.back(ada), await outage.back(bob)];
  await outage.back(carl);
  expect((await bob.run(invite(callId, "carl"))).applied).toBe(true);
  expect(outcome(await ada.run(reattach(callers, callId)))).toBe(ErrorCode.BAD_TICKET);
  expect(outcome(await ada.run(end(callId, { ticket: callers })))).toBe(ErrorCode.BAD_TICKET);
  await bob.reopen();
  expect(snapshotOf(bob)).toMatchObject([{ phase: CallPhase.RINGING, remote: { user: "carl" } }]);
});
