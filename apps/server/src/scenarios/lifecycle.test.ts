import { AlertPolicy, CallPhase, EndReason, ErrorCode, Role } from "@peerline/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accept, alerting, candidates, end, invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;
let callId: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  callId = newCallId();
  harness = await startHarness();
  ada = await harness.open("ada");
  bob = await harness.open("bob");
});
afterEach(() => harness.close());

const outcome = (result: {
  applied: boolean;
  state?: { phase: CallPhase; endReason: EndReason } | undefined;
}) => [result.applied, result.state?.phase, result.state?.endReason];

test("the first Accept wins, the other device is told where", async () => {
  const phone = await harness.open("bob", { product: "phone" });
  await ada.run(invite(callId, "bob"));
  expect((await phone.run(accept(callId))).applied).toBe(true);
  expect(outcome(await bob.run(accept(callId)))).toEqual([
    false,
    CallPhase.ENDED,
    EndReason.ANSWERED_ELSEWHERE,
  ]);
  expect(await bob.event("ended")).toMatchObject({
    reason: EndReason.ANSWERED_ELSEWHERE,
    deviceLabel: "phone",
  });
  expect(outcome(await bob.run(end(callId)))).toEqual([false, CallPhase.ENDED, EndReason.ANSWERED_ELSEWHERE]);
  expect(outcome(await bob.run(candidates(callId, 1)))).toEqual([
    false,
    CallPhase.ENDED,
    EndReason.ANSWERED_ELSEWHERE,
  ]);
  expect((await ada.event("accepted")).remote?.user).toBe("bob");
});

test("a hang-up tells how long it was", async () => {
  await ada.run(invite(callId, "bob"));
  await bob.run(accept(callId));
  await harness.clock.advance(3_000);
  await bob.run(end(callId));
  expect(await ada.event("ended")).toMatchObject({
    reason: EndReason.HANGUP,
    by: Role.CALLEE,
    talked: { seconds: 3n },
  });
});

test("a failure keeps its reason", async () => {
  await ada.run(invite(callId, "bob"));
  await bob.run(accept(callId));
  await ada.run(end(callId, { reason: EndReason.CONNECT_FAILED }));
  expect((await bob.event("ended")).reason).toBe(EndReason.CONNECT_FAILED);
});

test("30: nobody there is unreachable at once", async () => {
  await harness.clock.advance(15_000);
  expect(outcome(await ada.run(invite(callId, "nobody")))).toEqual([
    false,
    CallPhase.ENDED,
    EndReason.UNREACHABLE,
  ]);
});

test("an endpoint places one call at a time", async () => {
  await harness.open("carl");
  await ada.run(invite(callId, "bob"));
  expect((await ada.run(invite(newCallId(), "carl"))).error?.code).toBe(ErrorCode.RATE_LIMITED);
  await bob.run(accept(callId));
  expect((await ada.run(invite(newCallId(), "carl"))).error?.code).toBe(ErrorCode.NOT_ALLOWED);
});

test("an endpoint that talks places no call, not even to one who calls it", async () => {
  await ada.run(invite(callId, "bob"));
  const carl = await harness.open("carl");
  await carl.run(invite(newCallId(), "ada"));
  await bob.run(accept(callId));
  expect((await ada.run(invite(newCallId(), "carl"))).error?.code).toBe(ErrorCode.NOT_ALLOWED);
});

test("20: an endpoint that talks cannot accept a second call, another device can", async () => {
  const carl = await harness.open("carl");
  const tablet = await harness.open("bob");
  const second = newCallId();
  await ada.run(invite(callId, "bob"));
  await carl.run(invite(second, "bob"));
  await bob.run(accept(callId));
  expect(outcome(await bob.run(accept(second)))).toEqual([false, CallPhase.ENDED, EndReason.BUSY]);
  expect((await tablet.run(accept(second))).applied).toBe(true);
});

describe("glare", () => {
  test("row 1: the second Invite is answered with the first call", async () => {
    const other = newCallId();
    await ada.run(invite(callId, "bob"));
    const result = await bob.run(invite(other, "ada"));
    expect(outcome(result)).toEqual([false, CallPhase.RINGING, EndReason.GLARE]);
    expect(result.state).toMatchObject({ callId, role: Role.CALLEE, remote: { user: "ada" } });
    expect((await bob.run(accept(callId))).applied).toBe(true);
    expect((await bob.run(end(other))).error?.code).toBe(ErrorCode.NO_SUCH_CALL);
  });

  test("an endpoint that only places calls is busy, the others ring on", async () => {
    const pager = await harness.open("bob", { policy: AlertPolicy.NEVER });
    await ada.run(invite(callId, "bob"));
    expect(outcome(await pager.run(invite(newCallId(), "ada")))).toEqual([
      false,
      CallPhase.ENDED,
      EndReason.BUSY,
    ]);
    expect((await bob.run(accept(callId))).applied).toBe(true);
  });
});

test("a new tab rings too, and the caller's own endpoint never does", async () => {
  await ada.run(invite(callId, "bob"));
  const tab = await harness.open("bob");
  expect(tab.hello().snapshot?.calls.map((call) => call.callId)).toEqual([callId]);
  expect((await tab.event("incoming")).call?.callId).toEqual(callId);
  expect((await tab.run(accept(callId))).applied).toBe(true);
});

describe("a program that answers by itself", () => {
  const program = { policy: AlertPolicy.AUTO_ANSWER };

  test("takes several calls at once", async () => {
    const echo = await harness.open("echo", program);
    const second = newCallId();
    await ada.run(invite(callId, "echo"));
    expect((await echo.run(accept(callId))).applied).toBe(true);
    expect((await bob.run(invite(second, "echo"))).applied).toBe(true);
    expect((await echo.run(accept(second))).applied).toBe(true);
  });
});

test("what a party must not know is the same for an unknown call and for someone else's", async () => {
  const eve = await harness.open("eve");
  await ada.run(invite(callId, "bob"));
  for (const make of [accept, alerting, end, (id: Uint8Array) => candidates(id, 1)]) {
    const [foreign, unknown] = await eve.send(make(callId), make(newCallId()));
    expect(foreign?.error).toEqual(unknown?.error);
    expect(foreign?.error?.code).toBe(ErrorCode.NO_SUCH_CALL);
    expect(foreign?.state).toBeUndefined();
  }
  expect((await eve.run(invite(callId, "bob"))).error?.code).toBe(ErrorCode.NO_SUCH_CALL);
});

test("whoever a message claims to come from, the server says who it is", async () => {
  const forged = new Uint8Array(16).fill(7);
  await ada.run(
    invite(callId, "bob", { offer: { type: 1, body: { case: "sdp", value: "x" }, fromParty: forged } }),
  );
  const incoming = await bob.event("incoming");
  const party = incoming.call?.remote?.partyId;
  expect(incoming.offer?.fromParty).toEqual(party);
  await ada.run(candidates(callId, 1, { fromParty: forged }));
  expect((await bob.event("candidates")).fromParty).toEqual(party);
  await ada.run({ case: "mediaState", value: { callId, revision: 1, fromParty: forged } });
  expect((await bob.event("mediaState")).fromParty).toEqual(party);
});

test("metadata goes to the callee, up to 4 KiB", async () => {
  const big = Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, "x".repeat(1000)]));
  expect((await ada.run(invite(callId, "bob", { metadata: big }))).error).toMatchObject({
    code: ErrorCode.TOO_LARGE,
    field: "invite.metadata",
  });
  await ada.run(invite(callId, "bob", { metadata: { topic: "lunch" }, capabilities: ["chat/1"] }));
  const incoming = await bob.event("incoming");
  expect([incoming.metadata, incoming.capabilities]).toEqual([{ topic: "lunch" }, ["chat/1"]]);
});

test("83: right after a start an Invite waits for the callee to come back", async () => {
  const ringing = await ada.run(invite(callId, "dora"));
  expect(outcome(ringing)).toEqual([true, CallPhase.RINGING, EndReason.UNSPECIFIED]);
  const dora = await harness.open("dora");
  expect((await dora.event("incoming")).call?.callId).toEqual(callId);
});
