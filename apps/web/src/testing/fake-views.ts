import type { CallPhase, CallView, Person, RecentCall } from "@peerline/call-machine";
import type { CallDetails, PeerlineView } from "@peerline/client";

const remote = { user: "ana", displayName: "Ana Torres" };
const callId = "0123456789abcdef0123456789abcdef";

/** A person for tests and pictures. */
export function fakePerson(user: string, changes: Partial<Person> = {}): Person {
  return { user, displayName: user, availability: "online", bot: false, version: 1, ...changes };
}

/** A call for tests and pictures: outgoing with video, both devices on. */
export function fakeCall(phase: CallPhase, changes: Partial<CallView> = {}): CallView {
  const isAlive = phase !== "ended";
  const isUp = phase === "live" || phase === "reconnecting";
  const isIncoming = phase === "incoming";
  return {
    callId,
    role: isIncoming ? "callee" : "caller",
    phase,
    remote,
    kind: "video",
    local: isIncoming ? { microphone: "off", camera: "off" } : { microphone: "on", camera: "on" },
    remoteMedia: isUp ? { microphone: true, camera: true } : undefined,
    hold: { local: false, remote: false },
    remoteReachable: true,
    silenced: false,
    liveSince: isUp ? 1_000 : undefined,
    interruptions: 0,
    end: isAlive ? undefined : { reason: "hung-up", by: "them", at: 76_000, talkedMs: 75_000 },
    can: { accept: isIncoming, decline: isIncoming, hangUp: isAlive, setSources: isAlive && !isIncoming },
    ...changes,
  };
}

/** What flows in `fakeCall("live")`, without tracks. */
export function fakeDetails(changes: Partial<CallDetails> = {}): CallDetails {
  return {
    callId,
    remote,
    localTracks: {},
    remoteTracks: {},
    paused: { microphone: false, camera: false },
    chat: [],
    canChat: true,
    states: {
      connection: "connected",
      iceConnection: "connected",
      iceGathering: "complete",
      signaling: "stable",
      control: "open",
      chat: "open",
    },
    stats: fakeStats(),
    ...changes,
  };
}

function fakeStats(): NonNullable<CallDetails["stats"]> {
  return {
    at: 2_000,
    rttMs: 23.4,
    lossPercent: 0.2,
    jitterMs: 4,
    inBitsPerSecond: 1_840_000,
    outBitsPerSecond: 932_000,
    audioIn: undefined,
    videoIn: {
      packets: 900,
      bitsPerSecond: 1_800_000,
      lossPercent: 0.2,
      jitterMs: 4,
      framesDecoded: 300,
      framesPerSecond: 30,
      width: 1280,
      height: 720,
    },
    audioOut: undefined,
    videoOut: undefined,
    selectedPair: { local: "host", remote: "srflx", protocol: "udp", path: "direct" },
    alive: true,
  };
}

/** A call that is over, for tests and pictures: one that was missed. */
export function fakeRecent(callId: string, changes: Partial<RecentCall> = {}, at = 1_000): RecentCall {
  const end = { reason: "no-answer", by: "server", at, talkedMs: undefined } as const;
  return { callId, role: "callee", remote, kind: "video", end, missed: true, seen: false, ...changes };
}

/** A view for tests and pictures: online, four people, no call. */
export function fakeView(changes: Partial<PeerlineView> = {}): PeerlineView {
  return {
    user: "me",
    link: "online",
    stopped: undefined,
    people: [
      fakePerson("ana", { displayName: "Ana Torres" }),
      fakePerson("ben", { displayName: "Ben Okafor", availability: "busy" }),
      fakePerson("chen", { displayName: "Chen Wei", availability: "offline" }),
      fakePerson("echo", { bot: true }),
    ],
    calls: changes.call && changes.call.phase !== "ended" ? [changes.call] : [],
    call: undefined,
    details: undefined,
    recent: [],
    ...changes,
  };
}
