import { createClient } from "@connectrpc/connect";
import { AlertPolicy, Availability, DetachRequest_Intent, DevelopmentService } from "@peerline/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closedPolicy } from "../policy.ts";
import { accept, end, invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";

let harness: Harness;
let ada: TestEndpoint;

beforeEach(async () => {
  harness = await startHarness();
  ada = await harness.open("ada");
});
afterEach(() => harness.close());

const contacts = { case: "presenceSubscribe" as const, value: { contacts: true } };
const shown = async (endpoint: TestEndpoint) => {
  const { items, full } = await endpoint.frame("presence");
  return { full, items: items.map((item) => [item.user, item.availability, item.displayName, item.bot]) };
};

test("a subscription to contacts tells everyone there is, and who comes later", async () => {
  await harness.open("bob", { displayName: "Bob" });
  await ada.run(contacts);
  expect(await shown(ada)).toEqual({ full: true, items: [["bob", Availability.ONLINE, "Bob", false]] });
  await harness.open("echo", { policy: AlertPolicy.AUTO_ANSWER });
  expect(await shown(ada)).toEqual({ full: false, items: [["echo", Availability.ONLINE, "echo", true]] });
});

test("who signs in and does not attach is told as offline", async () => {
  await ada.run(contacts);
  expect((await shown(ada)).items).toEqual([]);
  await createClient(DevelopmentService, harness.transport).signIn({ user: "carl", displayName: "Carl" });
  await harness.clock.advance(1_000);
  expect((await shown(ada)).items).toEqual([["carl", Availability.OFFLINE, "Carl", false]]);
});

test("a user is offline 20 s after the last stream, and never blinks before", async () => {
  const bob = await harness.open("bob");
  await ada.run({ case: "presenceSubscribe", value: { users: ["bob"] } });
  expect((await shown(ada)).items).toEqual([["bob", Availability.ONLINE, "bob", false]]);
  bob.cut();
  await harness.logged("endpoint detached");
  await harness.clock.advance(19_000);
  await bob.reopen();
  bob.cut();
  await harness.logged("endpoint detached", 2);
  await harness.clock.advance(20_000);
  expect(await shown(ada)).toEqual({ full: false, items: [["bob", Availability.OFFLINE, "bob", false]] });
});

test("signing out shows offline at once", async () => {
  const bob = await harness.open("bob");
  await ada.run(contacts);
  await shown(ada);
  await harness.clock.advance(1_000);
  const headers = { Authorization: `Bearer ${bob.token}` };
  await bob.client.detach({ endpointId: bob.endpointId, intent: DetachRequest_Intent.SIGN_OUT }, { headers });
  expect((await shown(ada)).items).toEqual([["bob", Availability.OFFLINE, "bob", false]]);
});

test("a person in a call is busy, a program is not", async () => {
  const bob = await harness.open("bob");
  const echo = await harness.open("echo", { policy: AlertPolicy.AUTO_ANSWER });
  await harness.clock.advance(2_000);
  await ada.run(contacts);
  await shown(ada);
  const callId = newCallId();
  await bob.run(invite(callId, "echo"));
  await echo.run(accept(callId));
  expect((await shown(ada)).items).toEqual([["bob", Availability.BUSY, "bob", false]]);
  await harness.clock.advance(2_000);
  await bob.run(end(callId));
  expect((await shown(ada)).items).toEqual([["bob", Availability.ONLINE, "bob", false]]);
});

test("changes within a second are told once, with the last value and a higher version", async () => {
  const bob = await harness.open("bob");
  await harness.clock.advance(2_000);
  await ada.run(contacts);
  const first = await ada.frame("presence");
  const set = (availability: Availability) => bob.run({ case: "presenceSet", value: { availability } });
  await set(Availability.BUSY);
  const busy = await ada.frame("presence");
  await set(Availability.ONLINE);
  await set(Availability.BUSY);
  await set(Availability.ONLINE);
  await harness.clock.advance(1_000);
  const last = await ada.frame("presence");
  expect([busy, last].map(({ items }) => items[0]?.availability)).toEqual([
    Availability.BUSY,
    Availability.ONLINE,
  ]);
  const versions = [first, busy, last].map(({ items }) => items[0]?.version ?? 0n);
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => (a < b ? -1 : 1)));
});

test("a new stream is told everything again", async () => {
  await harness.open("bob");
  await ada.run(contacts);
  await shown(ada);
  await ada.reopen();
  expect(await shown(ada)).toEqual({ full: true, items: [["bob", Availability.ONLINE, "bob", false]] });
});

test("without a contact relation everyone looks offline", async () => {
  await harness.close();
  harness = await startHarness({ policy: closedPolicy });
  ada = await harness.open("ada");
  await harness.open("bob", { displayName: "Bob" });
  await ada.run({ case: "presenceSubscribe", value: { users: ["bob"], contacts: true } });
  expect(await shown(ada)).toEqual({ full: true, items: [["bob", Availability.OFFLINE, "bob", false]] });
});

test("who may not be seen any more is shown as offline once, and then no change of theirs is told", async () => {
  await harness.close();
  let visible = true;
  harness = await startHarness({ policy: { ...closedPolicy, maySeePresence: () => visible } });
  [ada] = [await harness.open("ada")];
  const bob = await harness.open("bob");
  await ada.run({ case: "presenceSubscribe", value: { users: ["bob"] } });
  expect((await shown(ada)).items).toEqual([["bob", Availability.ONLINE, "bob", false]]);
  const set = (availability: Availability) => bob.run({ case: "presenceSet", value: { availability } });
  visible = false;
  await harness.clock.advance(2_000);
  await set(Availability.BUSY);
  expect((await shown(ada)).items).toEqual([["bob", Availability.OFFLINE, "bob", false]]);
  await harness.clock.advance(2_000);
  await set(Availability.ONLINE);
  await harness.clock.advance(2_000);
  visible = true;
  await set(Availability.BUSY);
  expect((await shown(ada)).items).toEqual([["bob", Availability.BUSY, "bob", false]]);
});

test("a stranger is told of no change, so that not even its time shows anything", async () => {
  await harness.close();
  harness = await startHarness({ policy: closedPolicy });
  ada = await harness.open("ada");
  const bob = await harness.open("bob");
  await harness.clock.advance(2_000);
  await ada.run({ case: "presenceSubscribe", value: { users: ["bob"] } });
  expect((await shown(ada)).full).toBe(true);
  await bob.run({ case: "presenceSet", value: { availability: Availability.BUSY } });
  await harness.clock.advance(2_000);
  await ada.run({ case: "presenceSubscribe", value: { users: ["bob"] } });
  expect(await shown(ada)).toEqual({ full: true, items: [["bob", Availability.OFFLINE, "bob", false]] });
});
