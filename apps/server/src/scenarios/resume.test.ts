import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorCode, ErrorSchema, GoAway_Action } from "@peerline/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accept, candidates, invite, newCallId, offerSdp } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;
const callId = newCallId();

beforeEach(async () => {
  harness = await startHarness();
  ada = await harness.open("ada");
  bob = await harness.open("bob");
});
afterEach(() => harness.close());

const cursor = (endpoint: TestEndpoint, offset: number) => ({
  resume: { epoch: endpoint.hello().epoch, offset: BigInt(offset) },
});
const offsets = (endpoint: TestEndpoint) => endpoint.events.map(({ offset }) => Number(offset));
const trickle = async (count: number) => {
  for (let index = 0; index < count; index++) await ada.run(candidates(callId, 1, { firstIndex: index }));
};

test("Hello comes first, with limits, timers, padding and no call", async () => {
  const hello = ada.hello();
  expect(hello).toMatchObject({
    protocol: 1,
    resumed: false,
    topOffset: 0n,
    generation: 1n,
    lastClientSeq: 0n,
  });
  expect([hello.epoch.length, hello.padding.length, hello.snapshot?.calls]).toEqual([8, 2048, []]);
  expect(hello.limits).toMatchObject({
    maxCommandsPerSend: 32,
    maxRequestBytes: 262_144,
    maxSdpBytes: 65_536,
  });
  expect(hello.timers?.ring?.seconds).toBe(60n);
  expect(hello.tokenValidFor?.seconds).toBe(600n);
});

test("a resumed stream gets exactly the gap, then goes live", async () => {
  await ada.run(invite(callId, "bob"));
  await trickle(3);
  bob.cut();
  await harness.logged("endpoint detached");
  bob.events.length = 0;
  const hello = await bob.reopen(cursor(bob, 2));
  expect([hello.resumed, hello.snapshot, hello.topOffset, hello.generation]).toEqual([
    true,
    undefined,
    4n,
    2n,
  ]);
  await bob.event("candidates");
  await bob.event("candidates");
  await trickle(1);
  await bob.event("candidates");
  expect(offsets(bob)).toEqual([3, 4, 5]);
});

test("93: a cursor ahead of the log gets a new epoch and the snapshot", async () => {
  const before = bob.hello().epoch;
  const hello = await bob.reopen(cursor(bob, 1));
  expect([hello.resumed, hello.topOffset, hello.lastClientSeq]).toEqual([false, 0n, 0n]);
  expect(hello.epoch).not.toEqual(before);
});

test("a cursor of another epoch gets the snapshot of this one", async () => {
  await ada.run(invite(callId, "bob"));
  const before = bob.hello().epoch;
  const hello = await bob.reopen({ resume: { epoch: new Uint8Array(8), offset: 1n } });
  expect([hello.resumed, hello.topOffset, hello.epoch]).toEqual([false, 1n, before]);
});

test("a cursor that acknowledged events have passed gets the snapshot", async () => {
  await ada.run(invite(callId, "bob"));
  await trickle(1);
  await bob.sendRaw([], { ackOffset: 2n });
  const hello = await bob.reopen(cursor(bob, 1));
  expect([hello.resumed, hello.topOffset]).toEqual([false, 2n]);
});

test("a reload gets the ringing call with its offer, candidates and remaining time", async () => {
  await ada.run(invite(callId, "bob"));
  await trickle(2);
  await harness.clock.advance(5_000);
  const { snapshot } = await bob.reopen();
  expect(snapshot?.calls).toHaveLength(1);
  const [call] = snapshot?.calls ?? [];
  expect(call?.callId).toEqual(callId);
  expect(call?.descriptions.map(({ body }) => body.value)).toEqual([offerSdp]);
  expect(call?.candidates.map(({ firstIndex }) => firstIndex)).toEqual([0, 1]);
  expect(call?.ringRemaining?.seconds).toBe(55n);
});

test("a reload in a call gets the peer's answer and its own role", async () => {
  await ada.run(invite(callId, "bob"));
  await bob.run(accept(callId));
  const { snapshot } = await ada.reopen();
  const [call] = snapshot?.calls ?? [];
  expect([call?.phase, call?.role, call?.remote?.user, call?.descriptions.length]).toEqual([2, 1, "bob", 1]);
  expect(call?.selectedParty).toEqual(call?.remote?.partyId);
});

test("63: a newer stream fences the older one", async () => {
  const old = { next: bob.untilEnd() };
  await bob.reopen();
  const last = await old.next;
  expect(last?.case === "goAway" && [last.value.action, last.value.reason]).toEqual([
    GoAway_Action.STOP,
    ErrorCode.SUPERSEDED,
  ]);
  expect(bob.hello().generation).toBe(2n);
  await ada.run(invite(callId, "bob"));
  expect((await bob.event("incoming")).call?.callId).toEqual(callId);
});

test("a token of another user opens another mailbox", async () => {
  const eve = await harness.open("eve", { endpointId: bob.endpointId });
  expect(eve.hello().epoch).not.toEqual(bob.hello().epoch);
  await ada.run(invite(callId, "bob"));
  await bob.event("incoming");
  expect((await eve.sendRaw([])).topOffset).toBe(0n);
});

test("pings come every 20 s idle and every 5 s in a call, with the top offset", async () => {
  await ada.run(invite(callId, "bob"));
  await bob.event("incoming");
  await harness.clock.advance(5_000);
  expect(await bob.frame("ping")).toMatchObject({ topOffset: 1n, nextIn: { seconds: 5n } });
  const carl = await harness.open("carl");
  await harness.clock.advance(19_999);
  const ping = carl.frame("ping");
  await harness.clock.advance(1);
  expect(await ping).toMatchObject({ topOffset: 0n, nextIn: { seconds: 20n } });
});

test("a mailbox is kept 120 s after its last stream", async () => {
  const { epoch } = bob.hello();
  bob.cut();
  await harness.logged("endpoint detached");
  await harness.clock.advance(119_000);
  expect((await bob.reopen({ resume: { epoch, offset: 0n } })).resumed).toBe(true);
  bob.cut();
  await harness.logged("endpoint detached", 2);
  await harness.clock.advance(120_000);
  const hello = await bob.reopen({ resume: { epoch, offset: 0n } });
  expect([hello.resumed, hello.generation]).toEqual([false, 1n]);
});

test("a client of another version is told what the server speaks", async () => {
  const refused = await bob.reopen({ client: { protocolMin: 2, protocolMax: 3 } }).catch(ConnectError.from);
  expect(refused).toBeInstanceOf(ConnectError);
  const error = ConnectError.from(refused);
  expect(error.code).toBe(Code.FailedPrecondition);
  expect(error.findDetails(ErrorSchema)[0]).toMatchObject({
    code: ErrorCode.UNSUPPORTED_VERSION,
    protocolMin: 1,
    protocolMax: 1,
  });
});

test("92: a reader that is too slow is cut, and goes on with the snapshot", async () => {
  await harness.close();
  harness = await startHarness({ limits: { mailboxEvents: 4 } });
  ada = await harness.open("ada");
  bob = await harness.open("bob");
  await ada.run(invite(callId, "bob"));
  for (let number = 1; number <= 40; number++) {
    const body = { case: "sdp" as const, value: "x".repeat(60_000) };
    await ada.run({
      case: "description",
      value: { callId, pcGeneration: 1, type: 1, offerNumber: number, body },
    });
  }
  const ended = await bob.untilEnd().catch(ConnectError.from);
  const error = ConnectError.from(ended);
  expect([error.code, error.findDetails(ErrorSchema)[0]?.code]).toEqual([
    Code.ResourceExhausted,
    ErrorCode.SLOW_CONSUMER,
  ]);
  const seen = bob.events.map(({ offset }) => Number(offset));
  expect(seen).toEqual(seen.map((_, index) => index + 1));
  const hello = await bob.reopen(cursor(bob, seen.length));
  expect([hello.resumed, hello.topOffset]).toEqual([false, 41n]);
  expect(hello.snapshot?.calls[0]?.descriptions.map(({ offerNumber }) => offerNumber)).toEqual([40]);
});

test("an eleventh endpoint takes the place of the one that has been away longest", async () => {
  await harness.close();
  harness = await startHarness({ limits: { endpointsPerUser: 2 } });
  ada = await harness.open("ada");
  bob = await harness.open("ada");
  await expect(harness.open("ada")).rejects.toThrow("2 endpoints");
  ada.cut();
  await harness.logged("endpoint detached");
  const third = await harness.open("ada");
  expect(third.hello().generation).toBe(1n);
  await expect(ada.sendRaw([])).rejects.toThrow("Receive");
  expect((await bob.sendRaw([])).topOffset).toBe(0n);
});

test("a reader that takes nothing at all is cut off after 45 s", async () => {
  await ada.run(invite(callId, "bob"));
  for (let number = 1; number <= 20; number++) {
    const body = { case: "sdp" as const, value: "x".repeat(60_000) };
    await ada.run({ case: "description", value: { callId, type: 1, offerNumber: number, body } });
  }
  expect(harness.lines.some(({ message }) => message === "endpoint detached")).toBe(false);
  await harness.clock.advance(90_000);
  await harness.logged("endpoint detached");
  expect(harness.lines.filter(({ message }) => message === "endpoint detached")[0]?.fields).toEqual({
    user: "bob",
  });
});

test("a client that reports a call the server does not know is pinged every 5 s", async () => {
  await ada.sendRaw([], { heartbeat: { calls: [{ callId: newCallId(), mediaAlive: true }] } });
  const ping = ada.frame("ping");
  await harness.clock.advance(5_000);
  expect(await ping).toMatchObject({ nextIn: { seconds: 5n } });
});
