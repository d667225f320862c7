import { AlertPolicy, EndReason, ErrorCode } from "@peerline/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accept, alerting, invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { heard } from "../testing/heard.ts";
import { active, outcome, over } from "../testing/outage.ts";

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;
let helper: TestEndpoint;
let callId: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  callId = newCallId();
  harness = await startHarness();
  ada = await harness.open("ada");
  bob = await harness.open("bob");
  helper = await harness.open("bob", { policy: AlertPolicy.AUTO_ANSWER });
});
afterEach(() => harness.close());

const toProgram = { capabilities: ["to-program/1"] };

test("35: a program does not ring beside a person, who is not answered for", async () => {
  await ada.run(invite(callId, "bob"));
  await bob.run(alerting(callId));
  expect([await heard(bob), await heard(helper)]).toEqual([["incoming"], []]);
  expect((await helper.run(accept(callId))).error?.code).toBe(ErrorCode.NO_SUCH_CALL);
  await helper.reopen();
  expect([helper.hello().snapshot?.calls, await heard(helper)]).toEqual([[], []]);
  expect(outcome(await bob.run(accept(callId)))).toEqual(active);
});

test("35: a program that is addressed rings alone", async () => {
  await ada.run(invite(callId, "bob", toProgram));
  expect([await heard(bob), await heard(helper)]).toEqual([[], ["incoming"]]);
  const tablet = await harness.open("bob");
  expect(await heard(tablet)).toEqual([]);
  expect(outcome(await helper.run(accept(callId)))).toEqual(active);
});

test("35: a program rings when no person is there, and a person who comes rings too", async () => {
  const echo = await harness.open("echo", { policy: AlertPolicy.AUTO_ANSWER });
  await ada.run(invite(callId, "echo"));
  const person = await harness.open("echo");
  expect([await heard(echo), await heard(person)]).toEqual([["incoming"], ["incoming"]]);
});

test("35: whoever asks for a program and finds none does not ring a person", async () => {
  await harness.clock.advance(15_000);
  await harness.open("carl");
  expect(outcome(await ada.run(invite(callId, "carl", toProgram)))).toEqual(over(EndReason.UNREACHABLE));
});
