import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPlayGate, playAnswerMs } from "./play-gate.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refusal = () => Promise.reject(new DOMException("click first", "NotAllowedError"));

/** An element that answers like this until there was a click. */
function element(answer: () => Promise<void> = refusal) {
  const media = {
    paused: true,
    isAllowed: false,
    async play() {
      if (!media.isAllowed) return answer();
      media.paused = false;
    },
  };
  return { media: media as unknown as HTMLMediaElement & { isAllowed: boolean } };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

test("one click plays sound and picture", async () => {
  const gate = createPlayGate();
  const [sound, picture] = [element(), element()];
  for (const { media } of [sound, picture]) gate.play(media);
  await settled();
  expect(gate.isShut.value).toBe(true);
  for (const { media } of [sound, picture]) media.isAllowed = true;
  gate.open();
  await settled();
  expect([sound.media.paused, picture.media.paused, gate.isShut.value]).toEqual([false, false, false]);
});

test("a click that does not help leaves the way back open", async () => {
  const gate = createPlayGate();
  const { media } = element();
  gate.play(media);
  await settled();
  gate.open();
  await settled();
  expect(gate.isShut.value).toBe(true);
  media.isAllowed = true;
  gate.open();
  await settled();
  expect([gate.isShut.value, media.paused]).toEqual([false, false]);
});

test("an element that neither plays nor answers waits for a click", async () => {
  const gate = createPlayGate();
  const { media } = element(() => new Promise(() => {}));
  gate.play(media);
  await vi.advanceTimersByTimeAsync(playAnswerMs);
  expect(gate.isShut.value).toBe(true);
  media.isAllowed = true;
  gate.open();
  await settled();
  expect(gate.isShut.value).toBe(false);
});

test.each([new DOMException("another source", "AbortError"), undefined, "no reason"])(
  "a rejection with %s is no refusal",
  async (reason) => {
    const gate = createPlayGate();
    gate.play(element(() => Promise.reject(reason)).media);
    await settled();
    expect(gate.isShut.value).toBe(false);
  },
);

test("an element with nothing left to play waits for nobody", async () => {
  const gate = createPlayGate();
  const { media } = element();
  gate.play(media);
  await settled();
  gate.forget(media);
  expect(gate.isShut.value).toBe(false);
});
