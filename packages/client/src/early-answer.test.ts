import { startServer } from "@peerline/server";
import wrtc from "@roamhq/wrtc";
import { describe, expect, test } from "vitest";
import type { PeerlineView } from "./peerline.ts";
import { until } from "./testing/node-peerline.ts";
import { isLive, isRung, peopleOnServer } from "./testing/people.ts";

const { online } = peopleOnServer(() => startServer({ dev: true, port: 0 }));

const isConnected = ({ details }: PeerlineView) => details?.states?.connection === "connected";

describe("an early answer", () => {
  test("connects both while it rings, and the accept makes the call live", async () => {
    const alice = await online("alice-1");
    const bob = await online("bob-1", { earlyAnswer: true });
    alice.dial("bob-1", "audio");
    await until(alice, isConnected);
    await until(bob, isConnected);
    expect([alice.view().call?.phase, bob.view().call?.phase]).toEqual(["ringing", "incoming"]);
    bob.accept();
    await until(alice, isLive);
    await until(bob, isLive);
  });

  test("56: gives way to the device that accepts: a new connection to it, and the early one never carried a track", async () => {
    const alices = recorded();
    const firsts = recorded();
    const alice = await online("alice-2", alices);
    const first = await online("bob-2", { earlyAnswer: true, ...firsts });
    alice.dial("bob-2", "audio");
    await until(alice, isConnected);
    await until(first, isConnected);
    expect(tracksOf([...alices.opened, ...firsts.opened])).toEqual([]);
    const second = await online("bob-2");
    await until(second, isRung);
    second.accept();
    const { call } = await until(first, (view) => view.call?.phase === "ended");
    expect(call?.end?.reason).toBe("answered-elsewhere");
    for (const peerline of [alice, second]) await until(peerline, isLive);
    expect(alices.opened.map(({ connectionState }) => connectionState)).toEqual(["closed", "connected"]);
    expect(tracksOf(alices.opened.slice(1))).toEqual(["audio"]);
  });
});

/** The connections that an endpoint opens. */
function recorded() {
  const opened: RTCPeerConnection[] = [];
  const createConnection = (configuration: RTCConfiguration): RTCPeerConnection => {
    const connection = new wrtc.RTCPeerConnection(configuration);
    opened.push(connection);
    return connection;
  };
  return { opened, rtc: { createConnection } };
}

function tracksOf(connections: readonly RTCPeerConnection[]): readonly string[] {
  return connections
    .flatMap((connection) => connection.getSenders())
    .flatMap(({ track }) => (track ? [track.kind] : []));
}
