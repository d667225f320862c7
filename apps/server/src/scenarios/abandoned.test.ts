import { AlertPolicy, Availability, CallPhase, EndReason } from "@peerline/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accept, invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { active, outcome, over } from "../testing/outage.ts";

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;
let carl: TestEndpoint;
let callId: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  callId = newCallId();
  harness = await startHarness();
  [ada, bob, carl] = [await harness.open("ada"), await harness.open("bob"), await harness.open("carl")];
  await harness.clock.advance(2_000);
  await ada.run(invite(callId, "bob"));
  expect(outcome(await bob.run(accept(callId)))).toEqual(active);
});
afterEach(() => harness.close());

const kill = async (...endpoints: readonly TestEndpoint[]) => {
  for (const [index, endpoint] of endpoints.entries()) {
    endpoint.cut();
    await harness.logged("endpoint detached", index + 1);
  }
};
const beat = (endpoint: TestEndpoint, mediaAlive: boolean) =>
  endpoint.sendRaw([], { heartbeat: { calls: [{ callId, mediaAlive }] } });
const callBob = async () => {
  const id = newCallId();
  return { id, result: outcome(await carl.run(invite(id, "bob"))) };
};
const shown = async (endpoint: TestEndpoint) =>
  (await endpoint.frame("presence")).items.map(({ user, availability }) => [user, availability]);

test("nobody is busy for longer than 20 s with a call whose two pages are dead, and a new page rings", async () => {
  await kill(ada, bob);
  await harness.clock.advance(19_999);
  const again = await harness.open("bob");
  expect((await callBob()).result).toEqual(over(EndReason.BUSY));
  await harness.clock.advance(1);
  const { id, result } = await callBob();
  expect(result).toEqual([true, CallPhase.RINGING, EndReason.UNSPECIFIED]);
  await again.event("incoming");
  expect(outcome(await again.run(accept(id)))).toEqual(active);
});

test("presence says so too, and goes on saying so when they are back with new pages", async () => {
  await carl.run({ case: "presenceSubscribe", value: { users: ["bob"] } });
  expect(await shown(carl)).toEqual([["bob", Availability.BUSY]]);
  await kill(ada, bob);
  await harness.open("bob");
  await harness.clock.advance(20_000);
  expect(await shown(carl)).toEqual([["bob", Availability.ONLINE]]);
  await harness.open("bob");
  await harness.clock.advance(5_000);
  await carl.run({ case: "presenceSubscribe", value: { users: ["bob"], replace: true } });
  expect(await shown(carl)).toEqual([["bob", Availability.ONLINE]]);
});

test("the two call each other anew after 20 s, and the old call ends as replaced", async () => {
  await kill(ada, bob);
  const [ada2, bob2] = [await harness.open("ada"), await harness.open("bob")];
  await harness.clock.advance(20_000);
  const id = newCallId();
  expect((await ada2.run(invite(id, "bob"))).applied).toBe(true);
  expect(outcome(await bob2.run(accept(id)))).toEqual(active);
});

test("a party that is still heard keeps both busy, whether or not media lives", async () => {
  await kill(bob);
  for (const mediaAlive of [true, false]) {
    await harness.clock.advance(15_000);
    await beat(ada, mediaAlive);
    await harness.clock.advance(10_000);
    expect((await callBob()).result).toEqual(over(EndReason.BUSY));
  }
});

test("people who talk while the server is out of their reach are not busy, and are again when one of them is heard", async () => {
  await carl.run({ case: "presenceSubscribe", value: { users: ["bob"] } });
  await shown(carl);
  await harness.clock.advance(30_000);
  expect(await shown(carl)).toEqual([["bob", Availability.ONLINE]]);
  await beat(ada, true);
  expect(await shown(carl)).toEqual([["bob", Availability.BUSY]]);
  expect((await callBob()).result).toEqual(over(EndReason.BUSY));
  await harness.clock.advance(15_000);
  await beat(bob, true);
  expect((await ada.reopen()).snapshot?.calls).toHaveLength(1);
});

test("a program is not kept from its 16 calls by the dead ones", async () => {
  await harness.close();
  harness = await startHarness({ limits: { callsPerBot: 1 } });
  const echo = await harness.open("echo", { policy: AlertPolicy.AUTO_ANSWER });
  [ada, carl] = [await harness.open("ada"), await harness.open("carl")];
  await ada.run(invite(callId, "echo"));
  await echo.run(accept(callId));
  expect(outcome(await carl.run(invite(newCallId(), "echo")))).toEqual(over(EndReason.BUSY));
  await harness.clock.advance(20_000);
  expect((await carl.run(invite(newCallId(), "echo"))).applied).toBe(true);
});
