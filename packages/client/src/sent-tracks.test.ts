import { expect, test } from "vitest";
import { nowAndAtEnds, sentTracks } from "./sent-tracks.ts";
import { fakeTrack } from "./testing/fake-media.ts";

const microphone = fakeTrack("audio");
const camera = fakeTrack("video");
const other = fakeTrack("video");

test("what is on is sent", () => {
  expect(sentTracks({ microphone, camera }, {}, { microphone: "on", camera: "on" })).toEqual({
    microphone,
    camera,
  });
});

test("nothing of a source that is off, opening or refused is sent", () => {
  expect(sentTracks({ microphone, camera }, {}, { microphone: "off", camera: "opening" })).toEqual({});
  expect(
    sentTracks({ microphone, camera }, { camera: other }, { microphone: "denied", camera: "off" }),
  ).toEqual({});
});

test("a substitute goes out in place of the device", () => {
  expect(sentTracks({ microphone, camera }, { camera: other }, { microphone: "on", camera: "on" })).toEqual({
    microphone,
    camera: other,
  });
});

test("a substitute that has ended gives way to the device, and its end is told once", () => {
  const screen = fakeTrack("video");
  const ends: string[] = [];
  nowAndAtEnds({ camera: screen }, () => ends.push("camera"));
  screen.stop();
  screen.dispatchEvent(new Event("ended"));
  screen.dispatchEvent(new Event("ended"));
  expect(ends).toEqual(["camera", "camera"]);
  expect(sentTracks({ microphone, camera }, { camera: screen }, { microphone: "on", camera: "on" })).toEqual({
    microphone,
    camera,
  });
  expect(sentTracks({}, { camera: screen }, { microphone: "off", camera: "on" })).toEqual({});
});
