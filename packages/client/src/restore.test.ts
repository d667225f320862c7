import type { CallId, CallMemory, MediaStateSignal } from "@peerline/call-machine";
import { type PeerlineServer, startServer } from "@peerline/server";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Peerline, PeerlineOptions, PeerlineView } from "./peerline.ts";
import { nodePeerline, until } from "./testing/node-peerline.ts";

let server: PeerlineServer;
const open: Peerline[] = [];

beforeAll(async () => {
  server = await startServer({ dev: true, port: 0 });
});
afterEach(() => {
  for (const peerline of open.splice(0)) peerline.close();
});
afterAll(() => server.close());

async function online(user: string, options: Partial<PeerlineOptions> = {}): Promise<Peerline> {
  const peerline = nodePeerline(server.url, user, options);
  open.push(peerline);
  await until(peerline, ({ link }) => link === "online");
  return peerline;
}

const isLive = ({ call }: PeerlineView) => call?.phase === "live";

/** Alice, who has called Bob at this endpoint, and Bob. */
async function inCall(name: string, endpointId: string, options: Partial<PeerlineOptions> = {}) {
  const alice = await online(`alice-${name}`);
  const bob = await online(`bob-${name}`, { endpointId, ...options });
  alice.dial(`bob-${name}`, "audio");
  await until(bob, ({ call }) => call?.phase === "incoming");
  bob.accept();
  for (const peerline of [alice, bob]) await until(peerline, isLive);
  return { alice, bob };
}

function inMemory(): CallMemory {
  const kept = new Map<CallId, MediaStateSignal>();
  return {
    load: (callId) => kept.get(callId),
    save: (callId, media) => void (media ? kept.set(callId, media) : kept.delete(callId)),
  };
}

describe("a program that restarts in a call", () => {
  test("78: takes it up at its endpoint with a new connection, as muted as it was", async () => {
    const endpointId = "0e".repeat(16);
    const memory = inMemory();
    const { alice, bob } = await inCall("1", endpointId, { memory });
    bob.setMicrophone(false);
    await until(alice, ({ call }) => call?.remoteMedia?.microphone === false);
    bob.close("page-gone");
    const again = await online("bob-1", { endpointId, memory });
    const { call } = await until(again, isLive);
    await until(alice, isLive);
    expect([call?.callId, call?.role, call?.local.microphone]).toEqual([
      alice.view().call?.callId,
      "callee",
      "off",
    ]);
    again.setMicrophone(true);
    await until(alice, (view) => view.call?.remoteMedia?.microphone === true);
    alice.hangUp();
    await until(again, (view) => view.call?.phase === "ended");
  });

  test("ends it where the product wants a restart to end calls", async () => {
    const endpointId = "0f".repeat(16);
    const { alice, bob } = await inCall("2", endpointId);
    bob.close("page-gone");
    await online("bob-2", { endpointId, restoresCalls: false });
    const { call } = await until(alice, (view) => view.call?.phase === "ended");
    expect(call?.end).toMatchObject({ reason: "hung-up", by: "them" });
  });
});
