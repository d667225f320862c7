import { AlertPolicy, CallPhase, EndReason, ErrorCode, Role } from "@peerline/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accept, candidates, end, invite, newCallId } from "../testing/commands.ts";
import type { Action, TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { heard } from "../testing/heard.ts";
import { active, outcome, over, snapshotOf } from "../testing/outage.ts";

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;
let carl: TestEndpoint;
let first: Uint8Array<ArrayBuffer>;
let second: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  [first, second] = [newCallId(), newCallId()];
  harness = await startHarness();
  [ada, bob, carl] = [await harness.open("ada"), await harness.open("bob"), await harness.open("carl")];
});
afterEach(() => harness.close());

const none = new Uint8Array();
const hold = (callId: Uint8Array, onHold: boolean, revision: number): Action => ({
  case: "mediaState",
  value: { callId, revision, onHold },
});
const liveOf = async (endpoint: TestEndpoint) => {
  await endpoint.reopen();
  return snapshotOf(endpoint).map(({ callId, phase }) => [callId, phase]);
};
const talk = async (caller: TestEndpoint, callee: TestEndpoint, callId: Uint8Array) => {
  await caller.run(invite(callId, callee.user));
  expect((await callee.run(accept(callId))).applied).toBe(true);
};

test("18: who talks is busy for a third, does not ring, and is told who called", async () => {
  await talk(ada, bob, first);
  expect(outcome(await carl.run(invite(second, "bob")))).toEqual(over(EndReason.BUSY));
  const { call } = await bob.event("missed");
  expect([call?.remote?.user, call?.role, call?.phase, call?.endReason]).toEqual([
    "carl",
    Role.CALLEE,
    CallPhase.ENDED,
    EndReason.BUSY,
  ]);
  expect(await heard(bob)).toEqual(["incoming", "accepted", "missed"]);
});

test("a page that lost its stream for longer than the grace is told who called when it is back", async () => {
  const resume = { epoch: bob.hello().epoch, offset: 0n };
  bob.cut();
  await harness.logged("endpoint detached");
  await harness.clock.advance(25_000);
  expect(outcome(await carl.run(invite(first, "bob")))).toEqual(over(EndReason.UNREACHABLE));
  await bob.reopen({ resume });
  const { call } = await bob.event("missed");
  expect([call?.remote?.user, call?.endReason]).toEqual(["carl", EndReason.UNREACHABLE]);
});

describe("two callers ring the same endpoint", () => {
  beforeEach(async () => {
    expect((await ada.run(invite(first, "bob"))).applied).toBe(true);
    expect((await carl.run(invite(second, "bob"))).applied).toBe(true);
  });

  test.each([
    ["the first", [0, 1]],
    ["the second", [1, 0]],
  ])("20: both calls ring; %s is accepted, the other one cannot be beside it", async (_, order) => {
    const [taken, other] = order.map((index) => [first, second][index]) as [Uint8Array, Uint8Array];
    expect(outcome(await bob.run(accept(taken)))).toEqual(active);
    expect(outcome(await bob.run(accept(other)))).toEqual(over(EndReason.BUSY));
    expect(await liveOf(bob)).toContainEqual([other, CallPhase.RINGING]);
    await bob.run(end(taken));
    expect(outcome(await bob.run(accept(other)))).toEqual(active);
  });

  test("20: the same Send may end the first call", async () => {
    await bob.run(accept(first));
    const [ended, taken] = await bob.send(end(first), accept(second));
    expect([ended?.applied, taken && outcome(taken)]).toEqual([true, active]);
    expect(await liveOf(bob)).toEqual([[second, CallPhase.ACTIVE]]);
  });

  test("20: a call on hold leaves room for another one, and comes back only when that has ended", async () => {
    await bob.run(accept(first));
    const [, taken] = await bob.send(hold(first, true, 1), accept(second));
    expect(taken && outcome(taken)).toEqual(active);
    expect((await bob.run(hold(first, false, 2))).error).toMatchObject({
      code: ErrorCode.NOT_ALLOWED,
      field: "media_state.on_hold",
    });
    expect(await liveOf(bob)).toEqual([
      [first, CallPhase.ACTIVE],
      [second, CallPhase.ACTIVE],
    ]);
    await bob.run(end(second));
    expect((await bob.run(hold(first, false, 3))).applied).toBe(true);
  });

  test("20: in the wrong order the same Send leaves the second call ringing", async () => {
    await bob.run(accept(first));
    const [refused, ended] = await bob.send(accept(second), end(first));
    expect([refused && outcome(refused), ended?.applied]).toEqual([over(EndReason.BUSY), true]);
    expect(await liveOf(bob)).toEqual([[second, CallPhase.RINGING]]);
  });
});

describe("a call to someone whom one talks with", () => {
  const replaced = async (endpoint: TestEndpoint) =>
    expect((await endpoint.event("ended")).reason).toBe(EndReason.REPLACED);

  beforeEach(() => talk(ada, bob, first));

  test("from the same endpoint takes the place of the old call, which ends before the new one rings", async () => {
    expect((await ada.run(invite(second, "bob"))).state?.phase).toBe(CallPhase.RINGING);
    await replaced(ada);
    expect(await heard(bob)).toEqual(["incoming", "accepted", "ended", "incoming"]);
    expect(outcome(await bob.run(accept(second)))).toEqual(active);
    expect(await liveOf(ada)).toEqual([[second, CallPhase.ACTIVE]]);
  });

  test("from the callee's side does so too", async () => {
    expect((await bob.run(invite(second, "ada"))).applied).toBe(true);
    await replaced(ada);
    expect((await ada.run(accept(second))).applied).toBe(true);
  });

  test("names the old call to the endpoint that was in it, in the event and in the snapshot, and to no other", async () => {
    const tablet = await harness.open("bob");
    await ada.run(invite(second, "bob"));
    const replaces = async (endpoint: TestEndpoint) => (await endpoint.event("incoming")).call?.replacesCall;
    expect(await replaces(tablet)).toEqual(none);
    expect([await replaces(bob), await replaces(bob)]).toEqual([none, first]);
    await bob.reopen();
    expect(snapshotOf(bob).map(({ replacesCall }) => replacesCall)).toEqual([first]);
  });

  test("from another device that is live is busy, and the old call goes on", async () => {
    const tablet = await harness.open("ada");
    expect(outcome(await tablet.run(invite(second, "bob")))).toEqual(over(EndReason.BUSY));
    await ada.run(candidates(first, 1));
    expect((await bob.event("candidates")).callId).toEqual(first);
  });

  test("from another device while the old one says nothing takes its place", async () => {
    const tablet = await harness.open("ada");
    await harness.clock.advance(15_000);
    await bob.sendRaw([], { heartbeat: { calls: [{ callId: first, mediaAlive: false }] } });
    await harness.clock.advance(5_000);
    await bob.event("partyStatus");
    expect((await tablet.run(invite(second, "bob"))).applied).toBe(true);
    await replaced(bob);
    expect((await bob.run(accept(second))).applied).toBe(true);
  });

  test("from another device is busy again once the old one is back", async () => {
    const tablet = await harness.open("ada");
    await harness.clock.advance(20_000);
    await bob.event("partyStatus");
    await ada.sendRaw([], { heartbeat: { calls: [{ callId: first, mediaAlive: false }] } });
    await bob.event("partyStatus");
    expect(outcome(await tablet.run(invite(second, "bob")))).toEqual(over(EndReason.BUSY));
  });

  test("from another device takes its place when the Invite names the old call", async () => {
    const tablet = await harness.open("ada");
    expect((await tablet.run(invite(second, "bob", { replacesCall: first }))).applied).toBe(true);
    await replaced(ada);
    await replaced(bob);
  });

  test("naming a call of others, or to someone else, replaces nothing", async () => {
    expect((await carl.run(invite(second, "bob", { replacesCall: first }))).applied).toBe(false);
    expect((await ada.run(invite(newCallId(), "carl", { replacesCall: first }))).error?.code).toBe(
      ErrorCode.NOT_ALLOWED,
    );
    expect(await liveOf(bob)).toEqual([[first, CallPhase.ACTIVE]]);
  });

  test("that cannot ring leaves the old one as it is", async () => {
    await harness.clock.advance(15_000);
    const pager = await harness.open("dora", { policy: AlertPolicy.NEVER });
    const third = newCallId();
    await talk(pager, carl, third);
    expect(outcome(await carl.run(invite(second, "dora")))).toEqual(over(EndReason.UNREACHABLE));
    expect(await liveOf(carl)).toEqual([[third, CallPhase.ACTIVE]]);
  });
});

describe("a call to one's own account", () => {
  test("21: rings the other device and never the one that calls, also after it came back", async () => {
    const tablet = await harness.open("ada");
    expect((await ada.run(invite(first, "ada"))).applied).toBe(true);
    expect((await tablet.event("incoming")).call?.remote?.user).toBe("ada");
    await ada.reopen();
    expect(await heard(ada)).toEqual([]);
    expect((await ada.run(accept(first))).applied).toBe(false);
    expect(outcome(await tablet.run(accept(first)))).toEqual(active);
    await ada.run(candidates(first, 1));
    expect((await tablet.event("candidates")).callId).toEqual(first);
  });
});
