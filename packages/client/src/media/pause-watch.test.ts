import type { CallView } from "@peerline/call-machine";
import { virtualClock } from "@peerline/call-machine/testing";
import { expect, test } from "vitest";
import { createPauseWatch, type PausedSources, pausedAfterMs } from "./pause-watch.ts";

const callId = "0".repeat(32);
const live: CallView = {
  callId,
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
const both = { audio: true, video: true };
const soundOnly = { audio: true, video: false };
const cameraPaused = { microphone: false, camera: true };
const none = { microphone: false, camera: false };

function setUp() {
  const clock = virtualClock(0);
  const told: PausedSources[] = [];
  const watch = createPauseWatch(clock, (_callId, paused) => told.push(paused));
  watch.follow([live]);
  watch.onIncoming(callId, both);
  return { clock, told, watch };
}

test("a camera that is on and brings nothing is paused after a moment, and not any more when it brings something", () => {
  const { clock, told, watch } = setUp();
  watch.onIncoming(callId, soundOnly);
  clock.advanceBy(pausedAfterMs - 1);
  expect(told).toEqual([]);
  clock.advanceBy(1);
  expect(told).toEqual([cameraPaused]);
  watch.follow([{ ...live, phase: "reconnecting" }]);
  watch.onIncoming(callId, both);
  expect(told).toEqual([cameraPaused, none]);
});

test.each<[string, Partial<CallView>]>([
  ["is off", { remoteMedia: { microphone: true, camera: false } }],
  ["is not known", { remoteMedia: undefined }],
  ["is held by the peer", { hold: { local: false, remote: true } }],
  ["is held here", { hold: { local: true, remote: false } }],
  ["is not connected yet", { phase: "connecting" }],
])("a camera that %s is not paused", (_what, change) => {
  const { clock, told, watch } = setUp();
  watch.onIncoming(callId, soundOnly);
  watch.follow([{ ...live, ...change }]);
  clock.advanceBy(60_000);
  expect([told, clock.pending()]).toEqual([[], 0]);
});

test("a camera that was turned on a moment ago has the time to bring its first picture", () => {
  const { clock, told, watch } = setUp();
  watch.follow([{ ...live, remoteMedia: { microphone: true, camera: false } }]);
  watch.onIncoming(callId, soundOnly);
  clock.advanceBy(60_000);
  watch.follow([live]);
  clock.advanceBy(pausedAfterMs - 1);
  watch.onIncoming(callId, both);
  clock.advanceBy(60_000);
  expect(told).toEqual([]);
});

test("nothing is paused where the platform does not count, and a call that is over leaves nothing", () => {
  const { clock, told, watch } = setUp();
  watch.follow([live, { ...live, callId: "1".repeat(32) }]);
  clock.advanceBy(60_000);
  watch.onIncoming(callId, { audio: false, video: false });
  watch.follow([]);
  watch.onIncoming(callId, soundOnly);
  clock.advanceBy(60_000);
  expect([told, clock.pending()]).toEqual([[], 0]);
});
