import type { CallView } from "@peerline/call-machine";
import { virtualClock } from "@peerline/call-machine/testing";
import { expect, test } from "vitest";
import { createStatsSampler } from "./stats-sampler.ts";

const live: CallView = {
  callId: "0".repeat(32),
  role: "caller",
  phase: "live",
  remote: { user: "ben", displayName: "Ben" },
  kind: "video",
  local: { microphone: "on", camera: "on" },
  remoteMedia: { microphone: true, camera: true },
  hold: { local: false, remote: false },
  remoteReachable: true,
  silenced: false,
  liveSince: 0,
  interruptions: 0,
  end: undefined,
  can: { accept: false, decline: false, hangUp: true, setSources: true },
};
const reconnecting: CallView = { ...live, phase: "reconnecting" };

test("a call that is live again while an answer is awaited is sampled once every 2 s, not twice", async () => {
  const clock = virtualClock(0);
  const asked: { readonly answer: () => void }[] = [];
  const sample = () => new Promise<undefined>((resolve) => asked.push({ answer: () => resolve(undefined) }));
  const follow = createStatsSampler(clock, sample, () => undefined);
  for (const call of [live, reconnecting, live]) follow([call]);
  expect(asked.length).toBe(2);
  for (const { answer } of asked) answer();
  await new Promise(setImmediate);
  expect(clock.pending()).toBe(1);
  clock.advanceBy(2_000);
  expect(asked.length).toBe(3);
});
