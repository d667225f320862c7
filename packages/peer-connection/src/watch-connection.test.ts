import type { PeerEvent } from "@peerline/call-machine";
import { expect, test } from "vitest";
import { createChannels } from "./channels.ts";
import { createHandlers } from "./handlers.ts";
import { callId, deadlineMs, pass } from "./testing/fake-call.ts";
import { createFakeNetwork, createManualClock, until } from "./testing/index.ts";
import { watchConnection } from "./watch-connection.ts";

/** A connection whose state and packets are what the test says. */
function createWorld() {
  const clock = createManualClock();
  const events: PeerEvent["type"][] = [];
  const connection = createFakeNetwork().createConnection();
  const platform = { state: "new" as RTCPeerConnectionState, packets: 0 };
  const listeners = new Set<() => void>();
  const addEventListener = (type: string, run: () => void) => {
    if (type === "connectionstatechange") listeners.add(run);
  };
  const getStats = async () =>
    new Map([["t", { id: "t", type: "transport", packetsReceived: platform.packets }]]);
  Object.assign(connection, { addEventListener, getStats });
  Object.defineProperty(connection, "connectionState", { get: () => platform.state });
  const handlers = createHandlers(() => undefined);
  const ignoring = { onControl: () => undefined, onChat: () => undefined, onIgnored: () => undefined };
  const channels = createChannels(connection, callId, clock, ignoring, handlers);
  const listener = { emit: (event: PeerEvent) => events.push(event.type), onStates: () => undefined };
  const watch = watchConnection(
    connection,
    channels,
    { ...listener, onRemoteTrack: () => undefined, onIncoming: () => undefined },
    { clock, logger: undefined, handlers },
  );
  const become = (state: RTCPeerConnectionState) => {
    platform.state = state;
    for (const listener of listeners) listener();
  };
  return { clock, events, platform, watch, become };
}

test("a restart over which the platform goes from connected to connected tells nothing until packets came", async () => {
  const { clock, events, platform, watch, become } = createWorld();
  become("connected");
  await pass({ clock }, 500);
  watch.restarted();
  become("connecting");
  become("connected");
  await pass({ clock }, 1_000);
  expect(events).toEqual(["peer.connected"]);
  for (let looks = 0; looks < 3; looks++) {
    platform.packets++;
    await pass({ clock }, 250);
  }
  await until(() => events.length === 2, deadlineMs, "connected again");
  expect(events).toEqual(["peer.connected", "peer.connected"]);
});

test("a restart after which the platform calls itself connecting for ever is an interruption after 5 s", async () => {
  const { clock, events, platform, watch, become } = createWorld();
  become("connected");
  await pass({ clock }, 500);
  watch.restarted();
  become("connecting");
  await pass({ clock }, 4_000);
  expect(events).toEqual(["peer.connected"]);
  await pass({ clock }, 1_000);
  expect(events).toEqual(["peer.connected", "peer.interrupted"]);
  platform.packets++;
  become("connected");
  await pass({ clock }, 250);
  platform.packets++;
  await pass({ clock }, 250);
  platform.packets++;
  await pass({ clock }, 250);
  expect(events).toEqual(["peer.connected", "peer.interrupted", "peer.connected"]);
});

test("a platform that never ends its restart is connected again by the packets that come, once", async () => {
  const { clock, events, platform, watch, become } = createWorld();
  become("connected");
  await pass({ clock }, 500);
  watch.restarted();
  become("connecting");
  for (let looks = 0; looks < 4; looks++) {
    platform.packets++;
    await pass({ clock }, 250);
  }
  expect(events).toEqual(["peer.connected", "peer.connected"]);
  become("connected");
  expect(events).toEqual(["peer.connected", "peer.connected"]);
  await pass({ clock }, 6_000);
  expect(events).toEqual(["peer.connected", "peer.connected", "peer.interrupted"]);
});

test("a connected connection says so once more when it is asked to, and one that is not does not", async () => {
  const { events, watch, become } = createWorld();
  watch.tellAgain();
  become("connected");
  watch.tellAgain();
  become("disconnected");
  watch.tellAgain();
  expect(events).toEqual(["peer.connected", "peer.connected", "peer.interrupted"]);
});

test("a restart before anything was counted is told as connected again, also where nothing ever is", async () => {
  const { clock, events, platform, watch, become } = createWorld();
  platform.packets = Number.NaN;
  become("connected");
  watch.restarted();
  await pass({ clock }, 500);
  expect(events).toEqual(["peer.connected", "peer.connected"]);
  become("failed");
  watch.restarted();
  become("connected");
  expect(events).toEqual(["peer.connected", "peer.connected", "peer.failed", "peer.connected"]);
});
