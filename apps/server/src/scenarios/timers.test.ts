import {
  CallPhase,
  DetachRequest_Intent,
  EndReason,
  GoAway_Action,
  PartyStatus_Reachability,
  Role,
} from "@peerline/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accept, alerting, end, invite, newCallId } from "../testing/commands.ts";
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

const talk = async () => {
  await ada.run(invite(callId, "bob"));
  await bob.run(accept(callId));
};
const detach = (endpoint: TestEndpoint, intent: DetachRequest_Intent) =>
  endpoint.client.detach(
    { endpointId: endpoint.endpointId, intent },
    { headers: { Authorization: `Bearer ${endpoint.token}` } },
  );
const heartbeat = (endpoint: TestEndpoint, mediaAlive: boolean) =>
  endpoint.sendRaw([], { heartbeat: { calls: [{ callId, mediaAlive }] } });

describe("ringing", () => {
  test("ends unanswered after 60 s when somebody alerted", async () => {
    await ada.run(invite(callId, "bob"));
    await bob.run(alerting(callId));
    await harness.clock.advance(59_999);
    expect((await ada.reopen()).snapshot?.calls).toHaveLength(1);
    await harness.clock.advance(1);
    expect((await ada.event("ended")).reason).toBe(EndReason.NO_ANSWER);
    expect((await bob.event("ended")).reason).toBe(EndReason.NO_ANSWER);
  });

  test("30: ends unreachable after 15 s when nobody alerted", async () => {
    await ada.run(invite(callId, "bob"));
    await harness.clock.advance(15_000);
    expect(await ada.event("ended")).toMatchObject({ reason: EndReason.UNREACHABLE, by: Role.SERVER });
  });

  test("is as long as the caller asks, and an Accept after it has lost", async () => {
    await ada.run(invite(callId, "bob", { ringFor: { seconds: 30n } }));
    await bob.run(alerting(callId));
    await harness.clock.advance(30_000);
    expect((await ada.event("ended")).reason).toBe(EndReason.NO_ANSWER);
    expect((await bob.run(accept(callId))).state?.endReason).toBe(EndReason.NO_ANSWER);
  });

  test("lasts 15 s when the caller asks for less", async () => {
    await ada.run(invite(callId, "bob", { ringFor: { seconds: 1n } }));
    await bob.run(alerting(callId));
    await harness.clock.advance(14_999);
    expect((await bob.run(alerting(callId))).state?.phase).toBe(CallPhase.RINGING);
    await harness.clock.advance(1);
    expect((await ada.event("ended")).reason).toBe(EndReason.NO_ANSWER);
  });

  test("survives a stream that comes back within 20 s, and ends when it does not", async () => {
    await ada.run(invite(callId, "bob"));
    await bob.run(alerting(callId));
    const { epoch } = ada.hello();
    ada.cut();
    await harness.logged("endpoint detached");
    await harness.clock.advance(19_999);
    expect((await ada.reopen({ resume: { epoch, offset: 0n } })).resumed).toBe(true);
    await harness.clock.advance(10_000);
    ada.cut();
    await harness.logged("endpoint detached", 2);
    await harness.clock.advance(20_000);
    expect((await bob.event("ended")).reason).toBe(EndReason.CANCELLED);
  });

  test("leaves a record for ten minutes and no longer", async () => {
    await ada.run(invite(callId, "bob"));
    await ada.run(end(callId));
    await harness.clock.advance(9 * 60_000);
    expect((await ada.run(end(callId))).state?.endReason).toBe(EndReason.CANCELLED);
  });
});

describe("an accepted call", () => {
  test("shows a silent party as unreachable after 20 s, and back at its next word", async () => {
    await talk();
    await harness.clock.advance(15_000);
    await heartbeat(ada, false);
    await harness.clock.advance(5_000);
    const status = await ada.event("partyStatus");
    expect(status.reachability).toBe(PartyStatus_Reachability.UNREACHABLE);
    await heartbeat(bob, false);
    const back = await ada.event("partyStatus");
    expect(back).toMatchObject({ reachability: PartyStatus_Reachability.ONLINE, party: status.party });
  });

  test("ends 60 s after a party's last word", async () => {
    await talk();
    for (let i = 0; i < 5; i++) {
      await harness.clock.advance(10_000);
      await heartbeat(ada, false);
    }
    await harness.clock.advance(10_000);
    expect(await ada.event("ended")).toMatchObject({ reason: EndReason.PEER_LOST, by: Role.SERVER });
  });

  test("outlives a silent party as long as the other one gets media", async () => {
    await talk();
    for (let i = 0; i < 12; i++) {
      await harness.clock.advance(10_000);
      await heartbeat(ada, true);
    }
    expect((await ada.reopen()).snapshot?.calls).toHaveLength(1);
    await heartbeat(ada, false);
    await harness.clock.advance(5_000);
    expect((await ada.event("ended")).reason).toBe(EndReason.PEER_LOST);
  });

  test("does not end because a stream is cut", async () => {
    await talk();
    bob.cut();
    await harness.logged("endpoint detached");
    await harness.clock.advance(19_000);
    await heartbeat(ada, false);
    await heartbeat(bob, false);
    await harness.clock.advance(19_000);
    expect((await bob.reopen()).snapshot?.calls).toHaveLength(1);
  });

  test("ends 20 s after a page that went away, unless the page is back", async () => {
    await talk();
    await detach(bob, DetachRequest_Intent.PAGE_GONE);
    await harness.logged("endpoint detached");
    await harness.clock.advance(19_000);
    await heartbeat(ada, false);
    expect((await bob.reopen()).snapshot?.calls).toHaveLength(1);
    await harness.clock.advance(15_000);
    await heartbeat(ada, false);
    await heartbeat(bob, false);
    await detach(bob, DetachRequest_Intent.PAGE_GONE);
    await harness.logged("endpoint detached", 2);
    await harness.clock.advance(20_000);
    expect((await ada.event("ended")).reason).toBe(EndReason.PEER_LOST);
  });

  test("ends at once when a party signs out, and its mailbox is gone", async () => {
    await talk();
    await detach(bob, DetachRequest_Intent.SIGN_OUT);
    expect((await ada.event("ended")).reason).toBe(EndReason.HANGUP);
    const last = await bob.untilEnd();
    expect(last?.case === "goAway" && last.value.action).toBe(GoAway_Action.STOP);
    await expect(bob.sendRaw([])).rejects.toThrow("Receive");
  });
});

test("one device that signs out while it rings does not decline for the others", async () => {
  const tablet = await harness.open("bob");
  await ada.run(invite(callId, "bob"));
  await detach(bob, DetachRequest_Intent.SIGN_OUT);
  expect((await tablet.run(accept(callId))).applied).toBe(true);
});
