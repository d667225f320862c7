import type { CallId, CallMemory, MediaStateSignal } from "@peerline/call-machine";
import { startServer } from "@peerline/server";
import { describe, expect, test } from "vitest";
import { until } from "./testing/node-peerline.ts";
import { isLive, peopleOnServer } from "./testing/people.ts";

const { online, inCall } = peopleOnServer(() => startServer({ dev: true, port: 0 }));

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
    const [alice, bob] = await inCall("alice-1", "bob-1", { endpointId, memory });
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
    const [alice, bob] = await inCall("alice-2", "bob-2", { endpointId });
    bob.close("page-gone");
    await online("bob-2", { endpointId, restoresCalls: false });
    const { call } = await until(alice, (view) => view.call?.phase === "ended");
    expect(call?.end).toMatchObject({ reason: "hung-up", by: "them" });
  });
});
