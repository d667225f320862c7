import { expect, test } from "vitest";
import { createRingSound } from "./ring-sound.ts";

/** A browser's audio, as far as ringing needs it. */
function createFakeAudio(state: AudioContextState) {
  const log: string[] = [];
  const context = {
    state,
    sampleRate: 8_000,
    destination: {},
    onstatechange: null as (() => void) | null,
    createBuffer: (_: number, length: number) => ({ length, copyToChannel: () => {} }),
    createBufferSource: () => ({
      buffer: null as { length: number } | null,
      loop: false,
      connect: () => {},
      start() {
        log.push(`start ${this.buffer?.length} ${this.loop ? "loop" : "once"}`);
      },
      stop: () => void log.push("stop"),
    }),
    async resume() {
      context.state = "running";
      context.onstatechange?.();
    },
    close: async () => void log.push("close"),
  };
  let made = 0;
  const create = () => {
    made += 1;
    return context as unknown as AudioContext;
  };
  return { log, create, made: () => made };
}

const ringtoneSamples = 25_600;
const ringbackSamples = 40_000;

test("makes no audio context before there is something to play", () => {
  const audio = createFakeAudio("running");
  const sound = createRingSound(audio.create);
  sound.play(undefined);
  sound.unlock();
  expect(audio.made()).toBe(0);
});

test("plays one thing at a time, in a loop, and the same only once", () => {
  const audio = createFakeAudio("running");
  const sound = createRingSound(audio.create);
  sound.play("ringtone");
  sound.play("ringtone");
  sound.play("ringback");
  sound.play(undefined);
  expect(audio.log).toEqual([
    `start ${ringtoneSamples} loop`,
    "stop",
    `start ${ringbackSamples} loop`,
    "stop",
  ]);
  expect(audio.made()).toBe(1);
});

test("says that the browser mutes it until a click unlocks it", () => {
  const audio = createFakeAudio("suspended");
  const sound = createRingSound(audio.create);
  sound.play("ringtone");
  expect(sound.blocked.value).toBe(true);
  sound.unlock();
  expect(sound.blocked.value).toBe(false);
});

test("nothing is blocked once there is nothing to play", () => {
  const sound = createRingSound(createFakeAudio("suspended").create);
  sound.play("ringtone");
  sound.play(undefined);
  expect(sound.blocked.value).toBe(false);
});

test("closing stops what plays and gives the audio back", () => {
  const audio = createFakeAudio("running");
  const sound = createRingSound(audio.create);
  sound.play("ringback");
  sound.close();
  expect(audio.log).toEqual([`start ${ringbackSamples} loop`, "stop", "close"]);
});

test("a browser that gives no audio rings in silence", () => {
  const sound = createRingSound(() => {
    throw new DOMException("no audio device", "NotSupportedError");
  });
  sound.play("ringtone");
  sound.unlock();
  sound.close();
  expect(sound.blocked.value).toBe(false);
});
