import type { LocalMediaState } from "@peerline/call-machine";
import { virtualClock } from "@peerline/call-machine/testing";
import { describe, expect, test } from "vitest";
import type { CallTracks } from "../peerline.ts";
import { fakeMedia, fakeTrack } from "../testing/fake-media.ts";
import { createLocalMedia, permissionWaitMs } from "./local-media.ts";

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp() {
  const source = fakeMedia();
  const tracks = new Map<string, CallTracks>();
  const states: LocalMediaState[] = [];
  const clock = virtualClock(0);
  const report = (callback: string, thrown: unknown) => {
    throw new Error(`${callback}: ${thrown}`);
  };
  const port = createLocalMedia(source, { clock, report }, (callId, now) => tracks.set(callId, now));
  const open = (callId: string, microphone: boolean, camera: boolean) =>
    port.open(callId, { microphone, camera }, ({ media }) => states.push(media));
  return { source, clock, tracks, states, open };
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

describe("a question that nobody answers", () => {
  const opening = permissionWaitMs - 1;
  const waiting = permissionWaitMs;

  test("leaves the call without the device after some seconds, and the device goes out when it comes", async () => {
    const { source, clock, states, tracks, open } = setUp();
    open("a", true, true);
    clock.advanceBy(opening);
    expect(states).toEqual([]);
    clock.advanceBy(waiting - opening);
    expect(states).toEqual([{ microphone: "waiting", camera: "waiting" }]);
    expect(tracks.get("a")).toEqual({});
    source.answer({ camera: "denied" });
    await settled();
    expect(states.slice(1)).toEqual([{ microphone: "on", camera: "denied" }]);
    expect(tracks.get("a")).toEqual({ microphone: source.tracks[0] });
    expect(clock.pending()).toBe(0);
  });

  test("is asked once more by turning the source on, and the first answer counts", async () => {
    const { source, clock, states, open } = setUp();
    const handle = open("a", true, false);
    clock.advanceBy(waiting);
    handle.setMicrophone(true);
    expect(source.asked).toEqual([["microphone"], ["microphone"]]);
    expect(states.at(-1)).toEqual({ microphone: "opening", camera: "off" });
    clock.advanceBy(waiting);
    expect(states.at(-1)).toEqual({ microphone: "waiting", camera: "off" });
    source.answer();
    source.answer();
    await settled();
    expect(states.at(-1)).toEqual({ microphone: "on", camera: "off" });
    expect(source.tracks.map(({ readyState, listeners }) => [readyState, listeners()])).toEqual([
      ["live", 1],
      ["ended", 0],
    ]);
  });

  test("does not undo a mute: what comes is silent, and a camera that was turned off is closed", async () => {
    const { source, clock, states, open } = setUp();
    const handle = open("a", true, true);
    clock.advanceBy(waiting);
    handle.setMicrophone(false);
    handle.setCamera(false);
    expect(states.at(-1)).toEqual({ microphone: "off", camera: "off" });
    source.answer();
    await settled();
    expect(states.at(-1)).toEqual({ microphone: "off", camera: "off" });
    expect(source.tracks.map(({ enabled, readyState }) => [enabled, readyState])).toEqual([
      [false, "live"],
      [true, "ended"],
    ]);
  });

  test("is heard by a mute at once, and by a second one not", () => {
    const { states, open } = setUp();
    const handle = open("a", true, true);
    handle.setMicrophone(false);
    handle.setMicrophone(false);
    expect(states).toEqual([{ microphone: "off", camera: "opening" }]);
  });

  test("leaves no timer when the call ends, and a device that comes then is stopped", async () => {
    const { source, clock, states, open } = setUp();
    const handle = open("a", true, true);
    clock.advanceBy(waiting);
    handle.setMicrophone(true);
    handle.close();
    expect(clock.pending()).toBe(0);
    source.answer();
    source.answer();
    await settled();
    expect(source.tracks.map(({ readyState }) => readyState)).toEqual(["ended", "ended", "ended"]);
    expect(states.length).toBe(2);
  });
});

describe("a source", () => {
  const track = fakeTrack("audio");
  const ended = { ...fakeTrack("audio"), readyState: "ended" };
  const broken = {
    get microphone() {
      throw new TypeError("no");
    },
  };
  const named = (name: string) => Promise.reject(Object.assign(new Error("no"), { name }));

  test.each<[string, () => unknown, string]>([
    ["gives nothing", async () => undefined, "missing"],
    ["gives null", async () => null, "missing"],
    ["gives text", async () => "microphone", "missing"],
    ["gives an object without tracks", async () => ({}), "missing"],
    ["gives an object that is no track", async () => ({ microphone: {} }), "missing"],
    ["gives an object that cannot be read", async () => broken, "missing"],
    ["gives a refusal that there is not", async () => ({ microphone: "off" }), "missing"],
    ["gives a track that has ended", async () => ({ microphone: ended }), "missing"],
    ["gives a track of the other kind", async () => ({ microphone: fakeTrack("video") }), "missing"],
    ["gives a track at once", () => ({ microphone: track }), "on"],
    ["gives a refusal", async () => ({ microphone: "busy" }), "busy"],
    ["rejects with nothing", () => Promise.reject(undefined), "missing"],
    ["rejects with text", () => Promise.reject("NotAllowedError"), "missing"],
    ["rejects as a browser does", () => named("NotAllowedError"), "denied"],
    [
      "rejects with an object that has a name only",
      () => Promise.reject({ name: "NotReadableError" }),
      "busy",
    ],
    [
      "throws",
      () => {
        throw new DOMException("no", "SecurityError");
      },
      "denied",
    ],
  ])(
    "that %s leaves the microphone as it is, and a failure is reported",
    async (what, answer, microphone) => {
      const isAsAgreed = ["gives a track at once", "gives a refusal"].includes(what);
      const states: LocalMediaState[] = [];
      const source = Object.assign(fakeMedia(), { open: answer });
      const reported: string[] = [];
      const report = (callback: string) => reported.push(callback);
      const port = createLocalMedia(source, { clock: virtualClock(0), report }, () => undefined);
      port.open("a", { microphone: true, camera: false }, ({ media }) => states.push(media));
      await settled();
      expect(states).toEqual([{ microphone, camera: "off" }]);
      expect(reported).toEqual(isAsAgreed ? [] : ["media.open"]);
    },
  );
});

describe("two calls at once", () => {
  test("mute each for itself: the device is on while one of them has it on", async () => {
    const { source, states, open } = setUp();
    const one = open("a", true, false);
    source.answer();
    await settled();
    const other = open("b", true, false);
    await settled();
    const [microphone] = source.tracks;
    one.setMicrophone(false);
    expect([states.at(-1)?.microphone, microphone?.enabled]).toEqual(["off", true]);
    other.setMicrophone(false);
    expect(microphone?.enabled).toBe(false);
    other.setMicrophone(true);
    one.close();
    expect([microphone?.enabled, microphone?.readyState]).toEqual([true, "live"]);
    other.close();
    expect(microphone?.readyState).toBe("ended");
  });

  test("leave the device on to the one that talks when the muted one ends, and the other way round", async () => {
    const { source, open } = setUp();
    const muted = open("a", true, false);
    source.answer();
    await settled();
    const talking = open("b", true, false);
    await settled();
    muted.setMicrophone(false);
    talking.close();
    expect(source.tracks[0]?.enabled).toBe(false);
    muted.setMicrophone(true);
    expect(source.tracks[0]?.enabled).toBe(true);
  });
});
