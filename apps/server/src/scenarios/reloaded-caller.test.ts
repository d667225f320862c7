import { CallPhase, EndReason, ErrorCode } from "@peerline/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { developmentPolicy } from "../policy.ts";
import { accept, alerting, end, invite, newCallId } from "../testing/commands.ts";
import type { Action, TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { heard } from "../testing/heard.ts";
import { active, outcome, over, reattach, snapshotOf, startOutage, talk } from "../testing/outage.ts";

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;
let carl: TestEndpoint;
let first: Uint8Array<ArrayBuffer>;
let second: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  [first, second] = [newCallId(), newCallId()];
  harness = await startHarness({
    policy: { ...developmentPolicy, mayCall: (_, callee) => (callee === "dora" ? "silent" : "ring") },
  });
  [ada, bob, carl] = [await harness.open("ada"), await harness.open("bob"), await harness.open("carl")];
});
afterEach(() => harness.close());

const ringing = [true, CallPhase.RINGING, EndReason.UNSPECIFIED];
const hold = (callId: Uint8Array): Action => ({
  case: "mediaState",
  value: { callId, revision: 1, onHold: true },
});
const endOf = async (endpoint: TestEndpoint) => (await endpoint.event("ended")).reason;
const liveOf = async (endpoint: TestEndpoint) => {
  await endpoint.reopen();
  return snapshotOf(endpoint).map(({ callId, phase }) => [callId, phase]);
};

describe("a reloaded page that dials before it has seen the call of its life before", () => {
  test("takes that call's place where it still rings, which ends as replaced before the new one rings", async () => {
    await ada.run(invite(first, "bob"));
    await ada.reopen();
    expect(outcome(await ada.run(invite(second, "bob")))).toEqual(ringing);
    expect(await heard(bob)).toEqual(["incoming", "ended", "incoming"]);
    expect(bob.events[1]?.body.value).toMatchObject({ reason: EndReason.REPLACED });
    expect(outcome(await ada.run(end(first)))).toEqual(over(EndReason.REPLACED));
    expect(outcome(await bob.run(accept(second)))).toEqual(active);
    expect(await liveOf(ada)).toEqual([[second, CallPhase.ACTIVE]]);
  });

  test("takes its place too where it is talked in", async () => {
    await ada.run(invite(first, "bob"));
    await bob.run(accept(first));
    await ada.reopen();
    expect(outcome(await ada.run(invite(second, "bob")))).toEqual(ringing);
    expect(await endOf(bob)).toBe(EndReason.REPLACED);
  });

  test("takes the place of one that it had accepted", async () => {
    await bob.run(invite(first, "ada"));
    await ada.run(accept(first));
    await ada.reopen();
    expect(outcome(await ada.run(invite(second, "bob")))).toEqual(ringing);
    expect(await endOf(bob)).toBe(EndReason.REPLACED);
  });

  test("leaves the one that rings at someone else, who reads that it was cancelled", async () => {
    await ada.run(invite(first, "bob"));
    await ada.reopen();
    expect(outcome(await ada.run(invite(second, "carl")))).toEqual(ringing);
    expect(await endOf(bob)).toBe(EndReason.CANCELLED);
    expect(await liveOf(ada)).toEqual([[second, CallPhase.RINGING]]);
  });

  test("leaves the one with someone else, who reads that it hung up", async () => {
    await bob.run(invite(first, "ada"));
    await ada.run(accept(first));
    await ada.reopen();
    expect(outcome(await ada.run(invite(second, "carl")))).toEqual(ringing);
    expect(await endOf(bob)).toBe(EndReason.HANGUP);
    expect(outcome(await carl.run(accept(second)))).toEqual(active);
  });

  test("leaves it also for one who does not want to be called, and sees no difference", async () => {
    await ada.run(invite(first, "bob"));
    await ada.reopen();
    expect(outcome(await ada.run(invite(second, "dora")))).toEqual(ringing);
    expect(await endOf(bob)).toBe(EndReason.CANCELLED);
  });

  test("keeps it when the new call cannot be", async () => {
    await ada.run(invite(first, "bob"));
    await bob.run(alerting(first));
    await harness.clock.advance(15_000);
    await ada.reopen();
    expect(outcome(await ada.run(invite(second, "nobody")))).toEqual(over(EndReason.UNREACHABLE));
    expect(await liveOf(ada)).toEqual([[first, CallPhase.RINGING]]);
  });

  test("keeps one that it had put on hold", async () => {
    await ada.run(invite(first, "bob"));
    await bob.run(accept(first));
    await ada.run(hold(first));
    await ada.reopen();
    expect(outcome(await ada.run(invite(second, "carl")))).toEqual(ringing);
    expect(await liveOf(ada)).toEqual([
      [first, CallPhase.ACTIVE],
      [second, CallPhase.RINGING],
    ]);
  });
});

test("a page whose stream was only cut still places one call at a time", async () => {
  const { epoch } = ada.hello();
  await ada.run(invite(first, "bob"));
  ada.cut();
  await ada.reopen({ resume: { epoch, offset: 0n } });
  expect((await ada.run(invite(second, "carl"))).error?.code).toBe(ErrorCode.RATE_LIMITED);
  await bob.run(accept(first));
  for (const party of [ada, bob]) {
    expect((await party.run(invite(second, "carl"))).error?.code).toBe(ErrorCode.NOT_ALLOWED);
  }
  expect(await heard(carl)).toEqual([]);
});

test("so does one that has brought its call back to a server that forgot it", async () => {
  const outage = await startOutage();
  const [caller, callee] = [await outage.harness().open("ada"), await outage.harness().open("bob")];
  const { callers } = await talk(caller, callee, first);
  await outage.restart();
  const back = await outage.back(caller);
  expect(outcome(await back.run(reattach(callers, first)))).toEqual(active);
  expect((await back.run(invite(second, "carl"))).error?.code).toBe(ErrorCode.NOT_ALLOWED);
  await outage.close();
});
