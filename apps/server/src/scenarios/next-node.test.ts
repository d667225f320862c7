import { create } from "@bufbuild/protobuf";
import { CallPhase, CommandSchema, EndReason } from "@peerline/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accept, alerting, candidates, end, invite, newCallId } from "../testing/commands.ts";
import type { Action, TestEndpoint } from "../testing/endpoint.ts";
import { heard } from "../testing/heard.ts";
import { type Nodes, startNodes } from "../testing/nodes.ts";
import { active, outcome, over, snapshotOf } from "../testing/outage.ts";

let nodes: Nodes;
let ada: TestEndpoint;
let bob: TestEndpoint;
let callId: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  callId = newCallId();
  nodes = await startNodes();
  [ada, bob] = [await nodes.harness().open("ada"), await nodes.harness().open("bob")];
});
afterEach(() => nodes.close());

const talk = async () => {
  await ada.run(invite(callId, "bob"));
  await bob.run(accept(callId));
};
const beat = (endpoint: TestEndpoint, mediaAlive: boolean) =>
  endpoint.sendRaw([], { heartbeat: { calls: [{ callId, mediaAlive }] } });

describe("84: the server dies between the commit of a command and its answer", () => {
  /** Sends a command whose commit is the last thing that the server does, and the same bytes to the next one. */
  const retried = async (endpoint: TestEndpoint, action: Action) => {
    const batch = [create(CommandSchema, { clientSeq: endpoint.nextSeq(), action })];
    const acknowledgementAndCommand = 2;
    nodes.killAfter(acknowledgementAndCommand);
    await expect(endpoint.sendRaw(batch)).rejects.toThrow();
    await nodes.replace();
    [ada, bob] = [await nodes.back(ada), await nodes.back(bob)];
    const { results } = await (endpoint.user === "ada" ? ada : bob).sendRaw(batch);
    return results[0] && outcome(results[0]);
  };

  test("84: an Invite is answered as it was decided, and rings once", async () => {
    const state = [true, CallPhase.RINGING, EndReason.UNSPECIFIED];
    expect(await retried(ada, invite(callId, "bob"))).toEqual(state);
    expect(await heard(bob)).toEqual(["incoming"]);
  });

  test("84: an Accept has won, and the caller hears it once", async () => {
    await ada.run(invite(callId, "bob"));
    expect(await retried(bob, accept(callId))).toEqual(active);
    expect(await heard(ada)).toEqual(["accepted"]);
  });

  test("84: an End has ended the call, and the peer hears it once", async () => {
    await talk();
    await ada.event("accepted");
    expect(await retried(ada, end(callId))).toEqual([true, CallPhase.ENDED, EndReason.HANGUP]);
    await bob.event("ended");
    expect((await heard(bob)).filter((body) => body === "ended")).toHaveLength(1);
  });

  test("84: candidates are relayed once", async () => {
    await talk();
    expect(await retried(ada, candidates(callId, 3))).toEqual(active);
    expect((await heard(bob)).filter((body) => body === "candidates")).toHaveLength(1);
  });

  test("84: in a new epoch, without the stored result, the call itself answers", async () => {
    await ada.run(invite(callId, "bob"));
    expect(await retried(bob, accept(callId))).toEqual(active);
    await Promise.all([ada.reopen(), bob.reopen()]);
    expect(outcome(await bob.run(accept(callId)))).toEqual(active);
    expect((await ada.run(invite(callId, "bob"))).state?.phase).toBe(CallPhase.ACTIVE);
    await bob.run(end(callId));
    expect(outcome(await bob.run(end(callId)))).toEqual(over(EndReason.HANGUP));
  });
});

describe("90: the server is away for five minutes while two people talk", () => {
  beforeEach(async () => {
    await talk();
    nodes.killAfter(0);
    await nodes.harness().clock.advance(5 * 60_000);
    await nodes.replace();
  });

  test("90: nobody's lease has run out when they are back, and it runs anew", async () => {
    [ada, bob] = [await nodes.back(ada), await nodes.back(bob)];
    expect([ada.hello().resumed, bob.hello().resumed]).toEqual([true, true]);
    const { clock } = nodes.harness();
    await clock.advance(59_999);
    await ada.reopen();
    expect(snapshotOf(ada)).toHaveLength(1);
    await clock.advance(1);
    expect((await ada.event("ended")).reason).toBe(EndReason.PEER_LOST);
  });

  test("90: who comes back later still finds the call, as long as the other one hears them", async () => {
    ada = await nodes.back(ada);
    const { clock } = nodes.harness();
    for (let passed = 0; passed < 120_000; passed += 10_000) {
      await beat(ada, true);
      await clock.advance(10_000);
    }
    bob = await nodes.back(bob);
    await beat(bob, true);
    await bob.run(end(callId));
    expect((await ada.event("ended")).reason).toBe(EndReason.HANGUP);
  });
});

test("90: a call that rings has its deadline at the next server too", async () => {
  await ada.run(invite(callId, "bob"));
  await bob.run(alerting(callId));
  await nodes.harness().clock.advance(30_000);
  await nodes.replace();
  [ada, bob] = [await nodes.back(ada), await nodes.back(bob)];
  await nodes.harness().clock.advance(29_999);
  expect(await heard(bob)).toEqual(["incoming"]);
  await nodes.harness().clock.advance(1);
  expect((await bob.event("ended")).reason).toBe(EndReason.NO_ANSWER);
});
