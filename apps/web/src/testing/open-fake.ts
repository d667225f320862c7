import type { CallView, RecentCall } from "@peerline/call-machine";
import type { CallDetails, PeerlineView } from "@peerline/client";
import type { AppProps } from "../app.tsx";
import { followed, type OpenPeerline } from "../state/open-peerline.ts";
import { createFakePeerline } from "./fake-peerline.ts";
import { fakeVideoTrack } from "./fake-tracks.ts";
import { fakeCall, fakeDetails, fakePerson, fakeRecent, fakeView } from "./fake-views.ts";
import { alone, tabsBehind } from "./open-fake-tabs.ts";

const minute = 60_000;

/** The gallery: every state of the screens by name, for `?fake=<name>` in development. */
const gallery: Record<string, () => PeerlineView> = {
  people: () => fakeView(),
  empty: () => fakeView({ people: [fakePerson("echo", { bot: true })] }),
  connecting: () => fakeView({ link: "connecting", people: [] }),
  "no-server": () => fakeView({ link: "interrupted" }),
  missed: () => fakeView({ recent: fakeHistory() }),
  recent: () => fakeView({ recent: fakeHistory().map((call) => ({ ...call, seen: true })) }),
  held: () => inCall("live", withPictures(), { hold: { local: false, remote: true } }),
  incoming: () => fakeView({ call: fakeCall("incoming") }),
  "incoming-audio": () => fakeView({ call: fakeCall("incoming", { kind: "audio" }) }),
  dialing: () => inCall("dialing", { states: undefined }),
  ringing: () => inCall("ringing", { states: undefined }),
  connecting2: () => inCall("connecting"),
  live: () => inCall("live", withPictures()),
  "live-muted": () => {
    const remoteMedia = { microphone: false, camera: false };
    const local = { microphone: "missing", camera: "denied" } as const;
    return fakeView({
      call: fakeCall("live", { liveSince: Date.now() - minute, remoteMedia, local }),
      details: fakeDetails(),
    });
  },
  reconnecting: () => inCall("reconnecting", withPictures()),
  "server-lost": () => ({ ...inCall("live", withPictures()), link: "interrupted" }),
  audio: () => {
    const call = fakeCall("live", {
      kind: "audio",
      liveSince: Date.now() - minute,
      local: { microphone: "on", camera: "off" },
      remoteMedia: { microphone: true, camera: false },
    });
    return fakeView({ call, details: fakeDetails() });
  },
  ended: () => fakeView({ call: fakeCall("ended"), details: fakeDetails() }),
  failed: () => {
    const end = { reason: "connect-failed", by: "me", at: 0, talkedMs: undefined } as const;
    return fakeView({ call: fakeCall("ended", { end }), details: fakeDetails() });
  },
};

/** Pictures of a tab that has no session, by what its leader does. */
const standbys: Record<string, boolean> = { standby: false, "standby-busy": true };

/** The app's parts for a pictured state. */
export function fakeParts(name: string): AppProps {
  const leaderBusy = standbys[name];
  const tabs = leaderBusy === undefined ? alone(window) : tabsBehind(leaderBusy, window);
  return { open: openFake(name), tabs };
}

/** Opens the pictured state instead of a session. An unknown name lists the known ones. */
function openFake(name: string): OpenPeerline {
  return async () => {
    const view = gallery[name];
    if (!view)
      throw new Error(`?fake=${name} is none of: ${Object.keys({ ...gallery, ...standbys }).join(", ")}`);
    return followed(createFakePeerline(view(), async () => 21));
  };
}

/** Two people called in vain, one of them twice, after an answered and an unanswered call. */
function fakeHistory(): readonly RecentCall[] {
  const chen = { user: "chen", displayName: "Chen Wei" };
  const ben = { user: "ben", displayName: "Ben Okafor" };
  const now = Date.now();
  const known = { missed: false, seen: true } as const;
  const talked = { reason: "hung-up", by: "them", at: now - 600 * minute, talkedMs: 754_000 } as const;
  const unanswered = {
    reason: "no-answer",
    by: "server",
    at: now - 3_000 * minute,
    talkedMs: undefined,
  } as const;
  return [
    fakeRecent("5", {}, now - minute),
    fakeRecent("4", { remote: chen, kind: "audio" }, now - 20 * minute),
    fakeRecent("3", {}, now - 30 * minute),
    fakeRecent("2", { ...known, remote: ben, end: talked }),
    fakeRecent("1", { ...known, role: "caller", remote: chen, end: unanswered }),
  ];
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

function withPictures(): Partial<CallDetails> {
  const picture = fakeVideoTrack(215);
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
