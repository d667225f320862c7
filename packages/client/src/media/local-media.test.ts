import type { LocalMediaState } from "@peerline/call-machine";
import { describe, expect, test } from "vitest";
import type { CallTracks } from "../peerline.ts";
import { fakeMedia } from "../testing/fake-media.ts";
import { createLocalMedia } from "./local-media.ts";

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp() {
  const source = fakeMedia();
  const tracks = new Map<string, CallTracks>();
  const states: LocalMediaState[] = [];
  const port = createLocalMedia(source, (callId, now) => tracks.set(callId, now));
  const open = (callId: string, microphone: boolean, camera: boolean) =>
    port.open(callId, { microphone, camera }, ({ media }) => states.push(media));
  return { source, tracks, states, open };
}

describe("opening", () => {
  test("asks once for both and reports when both are settled", async () => {
    const { source, states, tracks, open } = setUp();
    open("a", true, true);
    expect(states).toEqual([]);
    source.answer();
    await settled();
    expect(source.asked).toEqual([["microphone", "camera"]]);
    expect(states).toEqual([{ microphone: "on", camera: "on" }]);
    expect(tracks.get("a")).toEqual({ microphone: source.tracks[0], camera: source.tracks[1] });
  });

  test("reports a refusal and goes on with what opened", async () => {
    const { source, states, tracks, open } = setUp();
    open("a", true, true);
    source.answer({ camera: "denied" });
    await settled();
    expect(states).toEqual([{ microphone: "on", camera: "denied" }]);
    expect(tracks.get("a")).toEqual({ microphone: source.tracks[0] });
  });

  test("reports at once when nothing is wanted", async () => {
    const { source, states, open } = setUp();
    open("a", false, false);
    await settled();
    expect(source.asked).toEqual([]);
    expect(states).toEqual([{ microphone: "off", camera: "off" }]);
  });

  test("stops a device that opens after the call is over", async () => {
    const { source, states, open } = setUp();
    const handle = open("a", true, false);
    handle.close();
    source.answer();
    await settled();
    expect(states).toEqual([]);
    expect(source.tracks.map(({ readyState }) => readyState)).toEqual(["ended"]);
  });
});

describe("turning off and on", () => {
  test("a muted microphone stays open and a camera that is off is closed", async () => {
    const { source, states, open } = setUp();
    const handle = open("a", true, true);
    source.answer();
    await settled();
    handle.setMicrophone(false);
    handle.setCamera(false);
    expect(states.slice(1)).toEqual([
      { microphone: "off", camera: "on" },
      { microphone: "off", camera: "off" },
    ]);
    expect(source.tracks.map(({ enabled, readyState }) => [enabled, readyState])).toEqual([
      [false, "live"],
      [true, "ended"],
    ]);
  });

  test("a camera that comes back is opened again, a microphone is not", async () => {
    const { source, states, open } = setUp();
    const handle = open("a", true, true);
    source.answer();
    await settled();
    handle.setMicrophone(false);
    handle.setMicrophone(true);
    handle.setCamera(false);
    handle.setCamera(true);
    source.answer();
    await settled();
    expect(source.asked).toEqual([["microphone", "camera"], ["camera"]]);
    expect(states.at(-1)).toEqual({ microphone: "on", camera: "on" });
  });

  test("a camera turned off while it opens ends up closed", async () => {
    const { source, states, open } = setUp();
    const handle = open("a", false, true);
    handle.setCamera(false);
    source.answer();
    await settled();
    expect(states.at(-1)).toEqual({ microphone: "off", camera: "off" });
    expect(source.tracks.map(({ readyState }) => readyState)).toEqual(["ended"]);
  });

  test("an unplugged device is missing", async () => {
    const { source, states, tracks, open } = setUp();
    open("a", true, false);
    source.answer();
    await settled();
    source.tracks[0]?.dispatchEvent(new Event("ended"));
    expect(states.at(-1)).toEqual({ microphone: "missing", camera: "off" });
    expect(tracks.get("a")).toEqual({});
  });
});

describe("a call that takes another's place", () => {
  test("keeps the open devices without a second question", async () => {
    const { source, states, tracks, open } = setUp();
    const first = open("a", true, true);
    source.answer();
    await settled();
    open("b", true, true);
    await settled();
    first.close();
    expect(source.asked).toEqual([["microphone", "camera"]]);
    expect(tracks.get("b")).toEqual({ microphone: source.tracks[0], camera: source.tracks[1] });
    expect(states).toEqual([
      { microphone: "on", camera: "on" },
      { microphone: "on", camera: "on" },
    ]);
    expect(source.tracks.map(({ readyState }) => readyState)).toEqual(["live", "live"]);
  });

  test("waits for the question that is still open", async () => {
    const { source, states, open } = setUp();
    const first = open("a", true, false);
    open("b", true, false);
    first.close();
    source.answer();
    await settled();
    expect(source.asked).toEqual([["microphone"]]);
    expect(states).toEqual([{ microphone: "on", camera: "off" }]);
    expect(source.tracks.map(({ readyState }) => readyState)).toEqual(["live"]);
  });

  test("the last call to leave closes the devices", async () => {
    const { source, open } = setUp();
    const first = open("a", true, false);
    source.answer();
    await settled();
    const second = open("b", true, false);
    await settled();
    first.close();
    second.close();
    expect(source.tracks.map(({ readyState }) => readyState)).toEqual(["ended"]);
  });
});

test("a call that is over listens to no track, also to one that another call still holds", async () => {
  const { source, open } = setUp();
  const one = open("a", true, true);
  source.answer();
  await settled();
  const other = open("b", true, false);
  await settled();
  const [microphone, camera] = source.tracks;
  expect([microphone?.listeners(), camera?.listeners()]).toEqual([2, 1]);
  one.close();
  expect([microphone?.listeners(), camera?.listeners()]).toEqual([1, 0]);
  other.close();
  expect([microphone?.listeners(), camera?.listeners()]).toEqual([0, 0]);
});
