import { startServer } from "@peerline/server";
import { describe, expect, test } from "vitest";
import { createPeerline } from "./create-peerline.ts";
import { until } from "./testing/node-peerline.ts";
import { isLive, isRung, peopleOnServer } from "./testing/people.ts";

const { online, inCall } = peopleOnServer(() => startServer({ dev: true, port: 0 }));

describe("a call between two programs", () => {
  test("is rung, accepted, live and hung up", async () => {
    const alice = await online("alice-1");
    const bob = await online("bob-1");
    const callId = alice.dial("bob-1", "audio");
    await until(alice, ({ call }) => call?.phase === "ringing");
    await until(bob, ({ call }) => call?.phase === "incoming" && call.callId === callId);
    bob.accept();
    await until(alice, isLive);
    await until(bob, isLive);
    bob.hangUp();
    const { call } = await until(alice, (view) => view.call?.phase === "ended");
    expect(call?.end).toMatchObject({ reason: "hung-up", by: "them" });
    expect(bob.view().call?.end).toMatchObject({ reason: "hung-up", by: "me" });
    expect(alice.view().calls).toEqual([]);
    alice.dismiss();
    expect(alice.view().call).toBeUndefined();
  });

  test("carries text both ways, and none before the channel is open", async () => {
    const [alice, bob] = await inCall("alice-2", "bob-2");
    await until(alice, ({ details }) => details?.canChat === true);
    expect(alice.sendChat("hello")).toBe(true);
    const { details } = await until(bob, (view) => view.details?.chat.length === 1);
    expect(details?.chat[0]).toMatchObject({ from: "them", text: "hello" });
    expect(alice.view().details?.chat[0]).toMatchObject({ from: "me", text: "hello" });
    alice.hangUp();
    await until(alice, ({ call }) => call?.phase === "ended");
    expect(alice.sendChat("too late")).toBe(false);
  });

  test("tells the other side what is muted", async () => {
    const [alice, bob] = await inCall("alice-3", "bob-3");
    await until(bob, ({ call }) => call?.remoteMedia?.microphone === true);
    alice.setMicrophone(false);
    await until(bob, ({ call }) => call?.remoteMedia?.microphone === false);
    expect(alice.view().call?.local).toEqual({ microphone: "off", camera: "off" });
    alice.setCamera(true);
    await until(bob, ({ call }) => call?.remoteMedia?.camera === true);
    expect(alice.view().call?.local).toEqual({ microphone: "off", camera: "on" });
  });

  test("names the way its packets take", async () => {
    const [alice] = await inCall("alice-4", "bob-4");
    const { details } = await until(alice, (view) => view.details?.stats?.selectedPair !== undefined);
    expect(details?.stats?.selectedPair?.path).toBe("direct");
    expect(details?.states).toMatchObject({ connection: "connected", signaling: "stable" });
  });

  test("goes on without devices, and says so", async () => {
    const alice = await online("alice-5", {
      media: { open: async (sources) => Object.fromEntries(sources.map((name) => [name, "denied"])) },
    });
    const bob = await online("bob-5");
    alice.dial("bob-5", "video");
    await until(bob, isRung);
    bob.accept("audio");
    const { call } = await until(alice, isLive);
    expect(call?.local).toEqual({ microphone: "denied", camera: "denied" });
  });
});

test("both calling at once becomes one call", async () => {
  const alice = await online("alice-6");
  const bob = await online("bob-6");
  alice.dial("bob-6", "audio");
  bob.dial("alice-6", "video");
  const { call: one } = await until(alice, isLive);
  const { call: other } = await until(bob, isLive);
  expect(one?.callId).toBe(other?.callId);
  expect([alice.view().calls.length, bob.view().calls.length]).toEqual([1, 1]);
});

test("a program accepts by itself", async () => {
  await online("robot-7", { autoAccept: "audio", capacity: 2 });
  const alice = await online("alice-7");
  const bob = await online("bob-7");
  alice.dial("robot-7", "video");
  bob.dial("robot-7", "audio");
  for (const peerline of [alice, bob]) await until(peerline, isLive);
});

test("a ping goes to the other client and back", async () => {
  const alice = await online("alice-8");
  await online("bob-8");
  expect(await alice.ping("bob-8")).toBeGreaterThanOrEqual(0);
});

test("every signal is observed with direction, type and size, and no content", async () => {
  const signals: string[] = [];
  const alice = await online("alice-9", {
    onSignal: ({ direction, type, bytes }) => {
      signals.push(`${direction} ${type}`);
      expect(bytes).toBeGreaterThan(0);
    },
  });
  await online("bob-9");
  alice.dial("bob-9", "data");
  await until(alice, ({ call }) => call?.phase === "ringing");
  expect(signals).toEqual(
    expect.arrayContaining(["received hello", "sent invite", "received result", "received remoteAlerting"]),
  );
});

describe("options that cannot work are refused", () => {
  test.each(["", "localhost:8080", "ftp://localhost"])("server %o", (serverUrl) => {
    expect(() => createPeerline({ serverUrl, user: "alice" })).toThrow(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });

  test("no user", () => {
    expect(() => createPeerline({ serverUrl: "http://localhost:1", user: "" })).toThrow(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});
