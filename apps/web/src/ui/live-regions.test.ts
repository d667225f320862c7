import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fakeCall, fakeView } from "../testing/fake-views.ts";
import { announce } from "./live-regions.tsx";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What stands in the two regions. */
function regions() {
  const view = signal(fakeView());
  const said = { polite: "", assertive: "" };
  const heard: string[] = [];
  const stop = announce({ view, isLinkLost: signal(false), serverUrl: "" }, ({ urgency, text }) => {
    if (text && said[urgency] !== text) heard.push(text);
    said[urgency] = text;
  });
  return { view, said, heard, stop };
}

test("what was said does not stay: a screen reader would find a call that no longer rings", () => {
  const { view, said, stop } = regions();
  view.value = fakeView({ call: fakeCall("incoming") });
  vi.advanceTimersByTime(1_000);
  expect(said.assertive).toMatch(/ is calling, /);
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual({ polite: "", assertive: "" });
  stop();
});

test("the same words are said again when they are news again", () => {
  const { view, heard, stop } = regions();
  for (const _ of [1, 2]) {
    view.value = fakeView({ call: fakeCall("incoming") });
    vi.advanceTimersByTime(1_000);
    view.value = fakeView();
    vi.advanceTimersByTime(1_000);
  }
  expect(heard).toEqual([heard[0], heard[0]]);
  expect(heard).toHaveLength(2);
  stop();
});
