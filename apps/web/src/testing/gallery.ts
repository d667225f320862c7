import type { CallEnd, CallView, EndReason } from "@peerline/call-machine";
import type { CallDetails, ChatEntry, PeerlineView } from "@peerline/client";
import { fakeHistory } from "./fake-history.ts";
import { fakeVideoTrack } from "./fake-tracks.ts";
import { fakeCall, fakeDetails, fakePerson, fakeRecent, fakeView } from "./fake-views.ts";

const minute = 60_000;

/** Every state of the screens by name, for `?fake=<name>` in development and in the build of the end-to-end tests. */
export const gallery: Record<string, () => PeerlineView> = {
  people: () => fakeView(),
  empty: () => fakeView({ people: [fakePerson("echo", { bot: true })] }),
  connecting: () => fakeView({ link: "connecting", people: [] }),
  "no-server": () => fakeView({ link: "interrupted" }),
  stopped: () =>
    fakeView({
      link: "stopped",
      stopped: { code: "unauthenticated", text: "The server does not accept your sign-in." },
      trouble: { code: "no-token", text: "There is no valid token." },
    }),
  "wrong-server": () => fakeView({ link: "interrupted", trouble: { code: "wrong-server", text: "…" } }),
  missed: () => fakeView({ recent: fakeHistory() }),
  recent: () => fakeView({ recent: fakeHistory().map((call) => ({ ...call, seen: true })) }),
  incoming: () => fakeView({ call: fakeCall("incoming") }),
  "incoming-audio": () => fakeView({ call: fakeCall("incoming", { kind: "audio", silenced: true }) }),
  "incoming-long": () =>
    fakeView({
      call: fakeCall("incoming", {
        remote: { user: "w", displayName: "Wolfeschlegelsteinhausenbergerdorff ".repeat(3).trim() },
      }),
    }),
  dialing: () => inCall("dialing", { states: undefined }),
  ringing: () => inCall("ringing", { states: undefined }),
  connecting2: () => inCall("connecting"),
  live: () => inCall("live", withPictures()),
  portrait: () => inCall("live", withPictures(720, 1_280)),
  "ultra-wide": () => inCall("live", withPictures(2_560, 1_080)),
  muted: () => inCall("live", withPictures(), { local: { microphone: "off", camera: "off" } }),
  "opening-devices": () =>
    inCall("live", withPictures(), { local: { microphone: "opening", camera: "opening" } }),
  "waiting-devices": () =>
    inCall("live", withPictures(), { local: { microphone: "waiting", camera: "waiting" } }),
  refused: () => withoutPictures({ local: { microphone: "missing", camera: "denied" } }),
  "peer-off": () => withoutPictures({ remoteMedia: { microphone: false, camera: false } }),
  held: () => inCall("live", withPictures(), { hold: { local: false, remote: true } }),
  holding: () => inCall("live", withPictures(), { hold: { local: true, remote: false } }),
  paused: () => inCall("live", { ...withPictures(), paused: { microphone: true, camera: true } }),
  "sound-paused": () => inCall("live", { ...withPictures(), paused: { microphone: true, camera: false } }),
  reconnecting: () => inCall("reconnecting", withPictures()),
  "peer-lost": () => inCall("reconnecting", withPictures(), { remoteReachable: false }),
  "server-lost": () => ({ ...inCall("live", withPictures()), link: "interrupted" }),
  "long-chat": () => inCall("live", { ...withPictures(), chat: longChat(60) }),
  "no-chat-yet": () => inCall("connecting", { canChat: false, chat: [] }),
  audio: () =>
    withoutPictures({
      kind: "audio",
      local: { microphone: "on", camera: "off" },
      remoteMedia: { microphone: true, camera: false },
    }),
  ended: () => fakeView({ call: fakeCall("ended"), details: fakeDetails() }),
  failed: () => endedFor("connect-failed", { by: "me", talkedMs: undefined }),
  "missed-call": () => fakeView({ call: fakeCall("ended"), recent: [fakeRecent("0".repeat(32))] }),
  declined: () => endedFor("declined", { talkedMs: undefined }),
  elsewhere: () => endedFor("answered-elsewhere", { device: "Firefox on Android" }),
  incompatible: () => endedFor("incompatible", { by: "me", talkedMs: undefined }),
};

function endedFor(reason: EndReason, changes: Partial<CallEnd> = {}): PeerlineView {
  const end = { reason, by: "them", at: 0, talkedMs: 75_000, ...changes } as const;
  return fakeView({ call: fakeCall("ended", { end }), details: fakeDetails() });
}

function withoutPictures(changes: Partial<CallView>): PeerlineView {
  const call = fakeCall("live", { liveSince: Date.now() - minute, ...changes });
  return fakeView({ call, details: fakeDetails() });
}

function inCall(
  phase: Parameters<typeof fakeCall>[0],
  details: Partial<CallDetails> = {},
  changes: Partial<CallView> = {},
): PeerlineView {
  const liveSince = phase === "live" || phase === "reconnecting" ? Date.now() - minute : undefined;
  const ownPicture = fakeVideoTrack(150);
  return fakeView({
    call: fakeCall(phase, { liveSince, ...changes }),
    details: fakeDetails({ ...(ownPicture ? { localTracks: { camera: ownPicture } } : {}), ...details }),
  });
}

function withPictures(width = 1_280, height = 720): Partial<CallDetails> {
  const picture = fakeVideoTrack(215, width, height);
  return {
    ...(picture ? { remoteTracks: { video: picture } } : {}),
    chat: [
      {
        id: "1",
        from: "them",
        text: "Can you see the sketch I sent you yesterday?",
        at: Date.now() - minute,
      },
      { id: "2", from: "me", text: "Yes! One moment.", at: Date.now() - minute / 2 },
      { id: "3", from: "them", text: "No hurry.", at: Date.now() },
    ],
  };
}

function longChat(lines: number): readonly ChatEntry[] {
  return Array.from({ length: lines }, (_, index) => ({
    id: String(index),
    from: index % 3 === 0 ? "me" : "them",
    text: `Line ${index}: ${"words ".repeat(index % 9)}`,
    at: Date.now() - (lines - index) * 1_000,
  }));
}
