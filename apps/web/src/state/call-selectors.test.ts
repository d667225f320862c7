import type { CallPhase, CallView } from "@peerline/call-machine";
import { describe, expect, test } from "vitest";
import { fakeCall, fakeDetails } from "../testing/fake-views.ts";
import {
  answerKinds,
  asShown,
  callBanner,
  placeOf,
  remoteLook,
  ringSoundFor,
  sourceNotices,
  stagedCallId,
  unreadCount,
} from "./call-selectors.ts";

test.each<[CallPhase, string]>([
  ["incoming", "overlay"],
  ["ended", "summary"],
  ["dialing", "stage"],
  ["ringing", "stage"],
  ["accepting", "stage"],
  ["connecting", "stage"],
  ["live", "stage"],
  ["reconnecting", "stage"],
])("a call that is %s has its place on the %s", (phase, place) => {
  const call = fakeCall(phase);
  expect(placeOf(call)).toBe(place);
  expect(stagedCallId(call)).toBe(place === "stage" ? call.callId : undefined);
});

test("without a call nothing has a place", () => {
  expect([placeOf(undefined), stagedCallId(undefined)]).toEqual([undefined, undefined]);
});

test.each([
  ["live", true, false, undefined],
  ["live", true, true, "server-lost"],
  ["live", false, false, undefined],
  ["reconnecting", true, false, "reconnecting"],
  ["reconnecting", true, true, "reconnecting"],
  ["reconnecting", false, false, "peer-lost"],
  ["ringing", true, true, undefined],
] as const)(
  "%s, peer reachable %s, link lost %s: banner %s",
  (phase, remoteReachable, isLinkLost, banner) => {
    expect(callBanner(fakeCall(phase, { remoteReachable }), undefined, isLinkLost)).toBe(banner);
  },
);

test.each([
  [true, false, "live", "held"],
  [true, true, "live", "held"],
  [false, true, "live", "holding"],
  [false, false, "live", "server-lost"],
  [true, true, "reconnecting", "reconnecting"],
  [true, true, "connecting", undefined],
] as const)(
  "50: held by the peer %s, by this side %s, while %s: banner %s",
  (remote, local, phase, banner) => {
    expect(callBanner(fakeCall(phase, { hold: { remote, local } }), undefined, true)).toBe(banner);
  },
);

test("50: a held call shows no picture that stands still, and no word about sources that nobody hears", () => {
  const call = fakeCall("live", {
    hold: { remote: true, local: false },
    remoteMedia: { microphone: false, camera: true },
  });
  const track = { id: "t" } as MediaStreamTrack;
  const details = fakeDetails({ remoteTracks: { video: track } });
  expect(remoteLook(call, details)).toEqual({ muted: false, cameraOff: false, showsVideo: false });
  expect(remoteLook({ ...call, hold: { remote: false, local: false } }, details).showsVideo).toBe(true);
});

test.each([
  ["live", "connected", "live"],
  ["live", "disconnected", "reconnecting"],
  ["live", "failed", "reconnecting"],
  ["live", "connecting", "live"],
  ["connecting", "disconnected", "connecting"],
  ["reconnecting", "connected", "reconnecting"],
] as const)("a call that is %s over a connection that is %s is shown as %s", (phase, connection, shown) => {
  const call = fakeCall(phase);
  const { states } = fakeDetails();
  const details = fakeDetails({ states: states && { ...states, connection } });
  expect(asShown(call, details)).toEqual({ ...call, phase: shown });
});

test("a call without a connection is shown as it is", () => {
  const call = fakeCall("live");
  expect(asShown(call, undefined)).toBe(call);
});

test("every refused source has a notice, and only those", () => {
  expect(sourceNotices({ microphone: "missing", camera: "denied" })).toEqual([
    { source: "microphone", refusal: "missing" },
    { source: "camera", refusal: "denied" },
  ]);
  expect(sourceNotices({ microphone: "on", camera: "off" })).toEqual([]);
  expect(sourceNotices({ microphone: "opening", camera: "busy" })).toEqual([
    { source: "camera", refusal: "busy" },
  ]);
  expect(sourceNotices({ microphone: "waiting", camera: "on" })).toEqual([
    { source: "microphone", refusal: "waiting" },
  ]);
});

describe("what of the peer is seen", () => {
  // A track of a browser; nothing here looks into it.
  const video = {} as MediaStreamTrack;
  const withVideo = fakeDetails({ remoteTracks: { video } });
  const look = (changes: Partial<CallView>, details = withVideo) =>
    remoteLook(fakeCall("live", changes), details);

  test("the picture, once it is there and the camera is on", () => {
    expect(look({})).toEqual({ muted: false, cameraOff: false, showsVideo: true });
    expect(look({}, fakeDetails())).toEqual({ muted: false, cameraOff: false, showsVideo: false });
  });

  test("a camera that is off and a microphone that is muted, in words", () => {
    const remoteMedia = { microphone: false, camera: false };
    expect(look({ remoteMedia })).toEqual({ muted: true, cameraOff: true, showsVideo: false });
  });

  test("a camera that is off in an audio call is nothing to speak of", () => {
    const remoteMedia = { microphone: true, camera: false };
    expect(look({ kind: "audio", remoteMedia })).toEqual({
      muted: false,
      cameraOff: false,
      showsVideo: false,
    });
  });

  test("nothing before the peer has said, and nothing before the call is live", () => {
    expect(look({ remoteMedia: undefined })).toEqual({ muted: false, cameraOff: false, showsVideo: false });
    const remoteMedia = { microphone: false, camera: true };
    expect(remoteLook(fakeCall("connecting", { remoteMedia }), withVideo)).toEqual({
      muted: false,
      cameraOff: false,
      showsVideo: false,
    });
  });
});

test.each([
  [true, true, "both-paused"],
  [true, false, "picture-paused"],
  [false, true, "sound-paused"],
  [false, false, undefined],
] as const)(
  "a live call whose picture is paused %s, and sound %s: banner %s",
  (camera, microphone, banner) => {
    const details = fakeDetails({ paused: { camera, microphone } });
    expect(callBanner(fakeCall("live"), details, false)).toBe(banner);
    expect(callBanner(fakeCall("reconnecting"), details, false)).toBe("reconnecting");
  },
);

test("unread are the other's messages that were not seen, also once a long chat has lost its oldest", () => {
  const chat = (["them", "me", "them", "them"] as const).map((from, at) => ({
    id: `${at}`,
    from,
    text: "x",
    at,
  }));
  const unread = (...seen: string[]) => unreadCount(chat, new Set(seen));
  expect([unread(), unread("0", "1", "2"), unread("0", "1", "2", "3"), unread("gone", "3")]).toEqual([
    3, 1, 0, 2,
  ]);
});

test("a video call may be answered without video, an audio call only as one", () => {
  expect([answerKinds("video"), answerKinds("audio"), answerKinds("data")]).toEqual([
    ["video", "audio"],
    ["audio"],
    ["data"],
  ]);
});

test("it rings here while it is incoming and not silenced, and there only once it really rings", () => {
  expect([
    ringSoundFor(fakeCall("incoming")),
    ringSoundFor(fakeCall("incoming", { silenced: true })),
    ringSoundFor(fakeCall("dialing")),
    ringSoundFor(fakeCall("ringing")),
    ringSoundFor(fakeCall("live")),
    ringSoundFor(undefined),
  ]).toEqual(["ringtone", undefined, undefined, "ringback", undefined, undefined]);
});
