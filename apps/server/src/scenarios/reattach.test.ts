import {
  Availability,
  CallPhase,
  EndReason,
  ErrorCode,
  PartyStatus_Reachability,
  Role,
} from "@peerline/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { candidates, end, invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import {
  active,
  type Outage,
  outcome,
  over,
  reattach,
  snapshotOf,
  startOutage,
  type Talk,
  talk,
} from "../testing/outage.ts";

let outage: Outage;
let ada: TestEndpoint;
let bob: TestEndpoint;
let callId: Uint8Array<ArrayBuffer>;
let before: Talk;

beforeEach(async () => {
  callId = newCallId();
  outage = await startOutage();
  ada = await outage.harness().open("ada");
  bob = await outage.harness().open("bob");
  before = await talk(ada, bob, callId);
  await outage.harness().clock.advance(30_000);
  await outage.restart();
  ada = await outage.back(ada);
  bob = await outage.back(bob);
});
afterEach(() => outage.close());

test("82: both re-attach, signals flow again, and the hang-up ends both", async () => {
  expect([ada.hello().snapshot?.serverLostState, snapshotOf(ada), snapshotOf(bob)]).toEqual([true, [], []]);
  const first = await ada.run(reattach(before.callers, callId));
  expect([outcome(first), first.state?.callId, first.state?.role]).toEqual([active, callId, Role.CALLER]);
  expect(await bob.event("accepted")).toMatchObject({ mine: true, remote: { user: "ada" } });
  expect(outcome(await bob.run(reattach(before.callees, callId)))).toEqual(active);
  await ada.run(candidates(callId, 1));
  expect((await bob.event("candidates")).fromParty).toEqual(first.state?.localParty);
  await bob.run({ case: "description", value: { callId, type: 1, body: { case: "sdp", value: "new" } } });
  expect((await ada.event("description")).body.value).toBe("new");
  await bob.run({ case: "mediaState", value: { callId, revision: 1 } });
  expect((await ada.event("mediaState")).callId).toEqual(callId);
  await outage.harness().clock.advance(1_000);
  await bob.run(end(callId));
  expect(await ada.event("ended")).toMatchObject({ reason: EndReason.HANGUP, talked: { seconds: 31n } });
});

test("82: the callee may be the first, and the snapshot has no signals until they come anew", async () => {
  await bob.run(reattach(before.callees, callId));
  const accepted = await ada.event("accepted");
  expect([accepted.mine, accepted.answer, accepted.remote?.user]).toEqual([false, undefined, "bob"]);
  await ada.reopen();
  expect(snapshotOf(ada)).toMatchObject([
    { phase: CallPhase.ACTIVE, descriptions: [], candidates: [], media: [] },
  ]);
});

test("82: a ticket is good without the call's id, as clients of v0.1.0 send it, and for its own parties only", async () => {
  const withTicket = (ticket: Uint8Array) => ({ case: "reattach" as const, value: { ticket } });
  const carl = await outage.harness().open("carl");
  expect(outcome(await carl.run(withTicket(before.callers)))).toBe(ErrorCode.BAD_TICKET);
  const first = await ada.run(withTicket(before.callers));
  expect([outcome(first), first.state?.callId]).toEqual([active, callId]);
  expect(outcome(await bob.run(withTicket(before.callees)))).toEqual(active);
});

test("82: the revisions go on, so that nobody takes the events for old ones", async () => {
  const { state } = await ada.run(reattach(before.callers, callId));
  await ada.run(end(callId));
  await bob.event("ended");
  const revs = [state?.rev, ...bob.events.map(({ callRev }) => callRev)].map(Number);
  expect(revs).toEqual([before.rev + 1, before.rev + 1, before.rev + 2]);
});

test("82: both are busy again, and take no second call", async () => {
  const carl = await outage.harness().open("carl");
  await carl.run({ case: "presenceSubscribe", value: { users: ["ada", "bob"], replace: true } });
  await carl.frame("presence");
  await ada.run(reattach(before.callers, callId));
  await outage.harness().clock.advance(1_000);
  const shown = new Map<string, Availability>();
  while (shown.get("ada") !== Availability.BUSY || shown.get("bob") !== Availability.BUSY) {
    for (const { user, availability } of (await carl.frame("presence")).items) shown.set(user, availability);
  }
  expect(outcome(await carl.run(invite(newCallId(), "bob")))).toEqual(over(EndReason.BUSY));
  expect(outcome(await ada.run(invite(newCallId(), "carl")))).toBe(ErrorCode.NOT_ALLOWED);
  expect(outage.harness().lines.filter(({ message }) => message === "call restored")).toHaveLength(1);
});

test("90: the leases start at the re-attach, and end a call whose other party stays away", async () => {
  const { clock } = outage.harness();
  await clock.advance(50_000);
  await ada.run(reattach(before.callers, callId));
  await clock.advance(20_000);
  expect((await ada.event("partyStatus")).reachability).toBe(PartyStatus_Reachability.UNREACHABLE);
  await ada.sendRaw([], { heartbeat: { calls: [{ callId, mediaAlive: false }] } });
  await clock.advance(39_999);
  await ada.reopen();
  expect(snapshotOf(ada)).toHaveLength(1);
  await clock.advance(1);
  expect((await ada.event("ended")).reason).toBe(EndReason.PEER_LOST);
});

test("101: nobody else can use a ticket, and all refusals are the same", async () => {
  const eve = await outage.harness().open("eve");
  const twin = await outage.harness().open("ada");
  const forged = Uint8Array.from(before.callers);
  forged[40] = (forged[40] ?? 0) ^ 1;
  const results = [
    await eve.run(reattach(before.callers, callId)),
    await twin.run(reattach(before.callers, callId)),
    await ada.run(reattach(forged, callId)),
    await ada.run(reattach(before.callers, newCallId())),
    await eve.run(end(callId, { ticket: before.callers })),
    await ada.run(end(callId, { ticket: forged })),
  ];
  expect(results.map(({ error }) => error)).toEqual(results.map(() => results[0]?.error));
  expect([results[0]?.error?.code, ...results.map(({ state }) => state)]).toEqual([
    ErrorCode.BAD_TICKET,
    ...results.map(() => undefined),
  ]);
});

test("101: after the end a ticket brings nothing back", async () => {
  await ada.run(reattach(before.callers, callId));
  await ada.run(end(callId));
  const eve = await outage.harness().open("eve");
  expect(outcome(await eve.run(reattach(before.callers, callId)))).toBe(ErrorCode.BAD_TICKET);
  expect(outcome(await ada.run(reattach(before.callers, callId)))).toEqual(over(EndReason.HANGUP));
  expect(outcome(await bob.run(reattach(before.callees, callId)))).toEqual(over(EndReason.HANGUP));
});

test("101: nor after the mark of the end is gone, from a server that saw the call", async () => {
  const { clock } = outage.harness();
  await clock.advance(60_000);
  const second = newCallId();
  const { callers } = await talk(ada, bob, second);
  await ada.run(end(second));
  await clock.advance(11 * 60_000);
  ada = await outage.back(ada);
  expect(outcome(await ada.run(end(second)))).toBe(ErrorCode.NO_SUCH_CALL);
  expect(outcome(await ada.run(reattach(callers, second)))).toEqual(over(EndReason.HANGUP));
});

test("101: a ticket is good for 12 hours", async () => {
  const lastMs = 12 * 60 * 60_000 - 30_000 - 1;
  await outage.harness().clock.advance(lastMs);
  await outage.restart();
  ada = await outage.back(ada);
  expect(outcome(await ada.run(reattach(before.callers, callId)))).toEqual(active);
  await outage.harness().clock.advance(1);
  await outage.restart();
  ada = await outage.back(ada);
  expect(outcome(await ada.run(reattach(before.callers, callId)))).toBe(ErrorCode.BAD_TICKET);
});
