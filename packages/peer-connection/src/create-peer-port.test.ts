import type { PeerEvent } from "@peerline/call-machine";
import { expect, test } from "vitest";
import { createPeerPort, type PeerPortOptions } from "./create-peer-port.ts";
import { createFakeNetwork, createFakeTrack, createManualClock, until } from "./testing/index.ts";

const one = "01".repeat(16);
const two = "02".repeat(16);
const deadlineMs = 2_000;

function createPort(options: Partial<PeerPortOptions> = {}) {
  const network = createFakeNetwork();
  const clock = createManualClock();
  const port = createPeerPort({
    createConnection: network.createConnection,
    getIceServers: () => [{ urls: "stun:now" }],
    clock,
    ...options,
  });
  return { network, port };
}

const caller = { callId: one, polite: false, offer: true, generation: 1 };

test("the open connection of a call can be reached until it is closed", () => {
  const { port, network } = createPort();
  const handle = port.open(caller, () => undefined);
  expect(port.get(one)?.states().signaling).toBe("stable");
  expect(port.get(two)).toBeUndefined();
  expect(network.connections[0]?.configuration.iceServers).toEqual([{ urls: "stun:now" }]);
  handle.close();
  handle.close();
  expect([port.get(one), network.openCount]).toEqual([undefined, 0]);
});

test("a rebuilt connection takes the place of the one before, whose close does not touch it", () => {
  const { port } = createPort();
  const first = port.open(caller, () => undefined);
  const before = port.get(one);
  port.open({ ...caller, generation: 2 }, () => undefined);
  const after = port.get(one);
  expect(after).not.toBe(before);
  first.close();
  expect(port.get(one)).toBe(after);
});

test("each call is opened with its tracks, and its events name it", async () => {
  const microphone = createFakeTrack("audio");
  const heard: string[] = [];
  const { port, network } = createPort({
    localTracks: (callId) => (callId === one ? { microphone } : {}),
    onStates: (callId, { signaling }) => heard.push(`${callId} ${signaling}`),
  });
  port.open(caller, () => undefined);
  await until(
    () => network.connections[0]?.getTransceivers()[0]?.sender.track === microphone,
    deadlineMs,
    "attached",
  );
  expect(heard[0]).toBe(`${one} stable`);
});

test("a platform that refuses a connection is a broken peer, unless it was closed by then", async () => {
  const refuse = () => {
    throw new TypeError("no WebRTC");
  };
  const warnings: unknown[] = [];
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (...warning: unknown[]) => warnings.push(warning),
  };
  const { port } = createPort({ createConnection: refuse, logger });
  const events: PeerEvent[] = [];
  const handle = port.open(caller, (event) => events.push(event));
  port.open(caller, (event) => events.push(event)).close();
  handle.restartIce();
  expect(events).toEqual([]);
  await until(() => events.length > 0, deadlineMs, "the event");
  expect([events, warnings, port.get(one)]).toEqual([
    [{ type: "peer.broken", reason: "incompatible" }],
    Array(2).fill([
      "a callback of the application failed",
      { callback: "rtc.createConnection", error: "no WebRTC" },
    ]),
    undefined,
  ]);
});

test("a connection opens and tells its states, although the app's side of it and the logger throw", () => {
  const broken = (): never => {
    throw new TypeError("broken");
  };
  const logger = { debug: broken, info: broken, warn: broken };
  const { port, network } = createPort({ onStates: broken, onChat: broken, onRemoteTrack: broken, logger });
  port.open(caller, broken);
  expect([network.openCount, port.get(one)?.states().signaling]).toEqual([1, "stable"]);
});
