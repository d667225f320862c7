import { createConnectTransport } from "@connectrpc/connect-web";
import { Availability, EndReason, ErrorCode, GoAway_Action } from "@peerline/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accept, candidates, end, invite, newCallId } from "../testing/commands.ts";
import { openEndpoint, type TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { createPoller, type TestPoller } from "../testing/poller.ts";
import { settle } from "../testing/virtual-clock.ts";
import { type WatchedStore, watchedStore } from "../testing/watched-store.ts";

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;
let poller: TestPoller;
let watched: WatchedStore;
const callId = newCallId();

beforeEach(async () => {
  watched = watchedStore();
  harness = await startHarness({ clock: watched.clock, store: watched.store });
  ada = await harness.open("ada");
  bob = await harness.open("bob");
  poller = createPoller(bob);
});
afterEach(() => harness.close());

/** A Poll that the server holds by now. */
async function hold(by: TestPoller, waitMs = 25_000) {
  const answer = by.poll(waitMs);
  answer.catch(() => undefined);
  await watched.served();
  return { answer };
}
const offsets = (answer: Awaited<ReturnType<TestPoller["poll"]>>) =>
  answer.events.map(({ offset }) => Number(offset));
const detachments = () => harness.lines.filter(({ message }) => message === "endpoint detached").length;

test("the first Poll answers at once with everything that a stream's Hello has", async () => {
  const { hello, kinds } = await createPoller(bob, false).poll(25_000);
  expect(kinds).toEqual(["hello", "ping"]);
  expect([
    hello.resumed,
    hello.snapshot?.calls,
    hello.limits?.maxCommandsPerSend,
    hello.padding.length,
  ]).toEqual([false, [], 32, 0]);
});

test("a Poll that goes on is held until something happens, and its Hello is brief", async () => {
  await poller.poll();
  const held = poller.poll(25_000);
  await ada.run(invite(callId, "bob"));
  const { hello, kinds } = await held;
  expect(kinds).toEqual(["hello", "incoming"]);
  expect([hello.resumed, hello.timers, hello.limits, hello.iceServers]).toEqual([
    true,
    undefined,
    undefined,
    [],
  ]);
});

test("a Poll with nothing to say is answered after its wait, with a ping", async () => {
  await poller.poll();
  const { answer } = await hold(poller, 10_000);
  let answered = false;
  answer.then(() => {
    answered = true;
  });
  await harness.clock.advance(9_999);
  for (let turn = 0; turn < 5; turn++) await settle();
  expect(answered).toBe(false);
  await harness.clock.advance(1);
  expect((await answer).kinds).toEqual(["hello", "ping"]);
});

test("in a call a Poll is answered every 5 s, so that a dead path shows", async () => {
  await poller.poll();
  await ada.run(invite(callId, "bob"));
  await poller.poll();
  const { answer } = await hold(poller);
  await harness.clock.advance(5_000);
  expect((await answer).kinds).toEqual(["hello", "ping"]);
});

test("an answer that was lost is repeated, and what the next Poll covers is acknowledged", async () => {
  await poller.poll();
  await ada.run(invite(callId, "bob"));
  expect(offsets(await poller.poll(0, { lose: true }))).toEqual([1]);
  expect(offsets(await poller.poll(0, { attempt: 1 }))).toEqual([1]);
  await ada.run(candidates(callId, 1));
  expect(offsets(await poller.poll())).toEqual([2]);
  const behind = createPoller(bob);
  expect((await behind.poll()).hello.snapshot?.calls).toHaveLength(1);
});

test("at most 64 frames are in one answer, and the next goes on without a gap", async () => {
  await poller.poll();
  await ada.run(invite(callId, "bob"));
  for (let index = 0; index < 80; index++) await ada.run(candidates(callId, 1, { firstIndex: index }));
  const answers = [await poller.poll(25_000), await poller.poll(25_000)];
  expect(answers.every(({ frames }) => frames.length <= 64)).toBe(true);
  expect(answers.flatMap(offsets)).toEqual(Array.from({ length: 81 }, (_, index) => index + 1));
});

test("between two Polls the endpoint is online and rings", async () => {
  await ada.run({ case: "presenceSubscribe", value: { users: ["bob"] } });
  expect((await ada.frame("presence")).items[0]?.availability).toBe(Availability.ONLINE);
  await poller.poll();
  await bob.untilEnd();
  await harness.clock.advance(44_000);
  expect(detachments()).toBe(0);
  expect((await ada.run(invite(callId, "bob"))).applied).toBe(true);
  expect((await poller.poll()).kinds).toEqual(["hello", "incoming"]);
  expect((await bob.run(accept(callId))).applied).toBe(true);
  expect((await ada.event("accepted")).remote?.user).toBe("bob");
});

test("an endpoint that polls no more is detached 45 s after its last answer, and offline 20 s later", async () => {
  await ada.run({ case: "presenceSubscribe", value: { users: ["bob"] } });
  await ada.frame("presence");
  await poller.poll();
  await bob.untilEnd();
  await harness.clock.advance(45_000);
  await harness.logged("endpoint detached");
  const gone = ada.frame("presence");
  await harness.clock.advance(20_000);
  expect((await gone).items[0]?.availability).toBe(Availability.OFFLINE);
});

test("a client that hangs up on a held Poll is detached at once", async () => {
  await poller.poll();
  const { answer } = await hold(poller);
  poller.abandon();
  await expect(answer).rejects.toThrow();
  await harness.logged("endpoint detached");
});

test("a page that says goodbye between two Polls is detached at once", async () => {
  await poller.poll();
  await bob.untilEnd();
  await bob.client.detach(
    { endpointId: bob.endpointId, intent: 1 },
    { headers: { Authorization: `Bearer ${bob.token}` } },
  );
  await harness.logged("endpoint detached");
});

test("presence comes by Poll, also what changed between two of them", async () => {
  await bob.run({ case: "presenceSubscribe", value: { users: ["ada", "carl"] } });
  const first = await poller.poll();
  expect(first.presence.map(({ full, items }) => [full, items.length])).toEqual([[true, 2]]);
  await harness.open("carl");
  const next = await poller.poll(25_000);
  expect(next.presence.flatMap(({ items }) => items.map(({ user }) => user))).toEqual(["carl"]);
});

test("after an answer that did not arrive presence is told in full again", async () => {
  await bob.run({ case: "presenceSubscribe", value: { users: ["ada"] } });
  await poller.poll();
  expect((await poller.poll()).presence).toEqual([]);
  const again = await poller.poll(25_000, { attempt: 1 });
  expect([again.presence[0]?.full, again.hello.timers === undefined]).toEqual([true, false]);
});

test("63: a Poll fences an older stream, a newer Poll an older one, and a stream a Poll", async () => {
  const ended = bob.untilEnd();
  const isFence = (frame: Awaited<typeof ended>) =>
    frame?.case === "goAway" && frame.value.action === GoAway_Action.STOP && frame.value.reason;
  await poller.poll();
  expect(isFence(await ended)).toBe(ErrorCode.SUPERSEDED);
  const held = await hold(poller);
  const rival = createPoller(bob);
  await rival.poll();
  expect(isFence((await held.answer).frames.at(-1))).toBe(ErrorCode.SUPERSEDED);
  const heldToo = await hold(rival);
  await bob.reopen();
  expect(isFence((await heldToo.answer).frames.at(-1))).toBe(ErrorCode.SUPERSEDED);
});

test("93: a Poll with a cursor ahead of the log gets a new epoch and the snapshot", async () => {
  const before = (await poller.poll()).hello.epoch;
  const headers = { Authorization: `Bearer ${bob.token}` };
  const receive = {
    endpointId: bob.endpointId,
    client: { protocolMin: 1, protocolMax: 1 },
    resume: { epoch: before, offset: 7n },
  };
  const { frames } = await bob.client.poll({ receive }, { headers });
  const hello = frames[0]?.frame;
  expect(hello?.case === "hello" && [hello.value.resumed, hello.value.topOffset]).toEqual([false, 0n]);
  expect(hello?.case === "hello" && hello.value.epoch).not.toEqual(before);
});

test("Polls that go on do not count as opened streams, and have a limit of their own", async () => {
  await harness.close();
  harness = await startHarness({
    limits: { opens: { perSecond: 0.1, burst: 2 }, polls: { perSecond: 1, burst: 3 } },
  });
  bob = await harness.open("bob");
  poller = createPoller(bob);
  for (let turn = 0; turn < 4; turn++) await poller.poll();
  await expect(poller.poll()).rejects.toThrow("polls too often");
});

test("a whole call by Poll from a browser's transport over HTTP/1.1", async () => {
  const transport = createConnectTransport({ baseUrl: harness.server.url, useBinaryFormat: true });
  const carl = await openEndpoint(transport, "carl");
  const polls = createPoller(carl);
  await polls.poll();
  const ringing = polls.poll(25_000);
  await ada.run(invite(callId, "carl"));
  expect((await ringing).kinds).toEqual(["hello", "incoming"]);
  expect((await carl.run(accept(callId))).applied).toBe(true);
  const accepted = await polls.poll(25_000);
  expect(accepted.kinds).toEqual(["hello", "accepted"]);
  const over = polls.poll(25_000);
  await ada.run(end(callId));
  const last = (await over).events.at(-1)?.body;
  expect(last?.case === "ended" && last.value.reason).toBe(EndReason.HANGUP);
});

test("an endpoint that polls for as long as a stream lives is given everything anew", async () => {
  await harness.close();
  harness = await startHarness({ timers: { streamLifeMs: 60_000 } });
  poller = createPoller(await harness.open("bob"));
  const isFull = async () => (await poller.poll()).hello.timers !== undefined;
  const first = [await isFull(), await isFull()];
  await harness.clock.advance(30_000);
  const second = await isFull();
  await harness.clock.advance(30_000);
  expect([...first, second, await isFull(), await isFull()]).toEqual([true, false, false, true, false]);
});
