import type { LinkState } from "@peerline/call-machine";
import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchLink } from "./link-watch.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watch() {
  const view = signal<{ readonly link: LinkState }>({ link: "online" });
  return { view, ...watchLink(view) };
}

test("15 s without the server are kept quiet, then they are a loss until it is back", () => {
  const { view, isLost } = watch();
  view.value = { link: "interrupted" };
  vi.advanceTimersByTime(14_999);
  expect(isLost.value).toBe(false);
  vi.advanceTimersByTime(1);
  expect(isLost.value).toBe(true);
  view.value = { link: "online" };
  expect(isLost.value).toBe(false);
});

test("other changes of the view do not start the 15 s again", () => {
  const { view, isLost } = watch();
  view.value = { link: "interrupted" };
  vi.advanceTimersByTime(10_000);
  view.value = { link: "interrupted" };
  vi.advanceTimersByTime(5_000);
  expect(isLost.value).toBe(true);
});

test("short losses do not add up", () => {
  const { view, isLost } = watch();
  for (let loss = 0; loss < 3; loss++) {
    view.value = { link: "interrupted" };
    vi.advanceTimersByTime(10_000);
    view.value = { link: "online" };
  }
  vi.advanceTimersByTime(60_000);
  expect(isLost.value).toBe(false);
});

test("nothing is timed after the way out", () => {
  const { view, dispose } = watch();
  view.value = { link: "interrupted" };
  dispose();
  expect(vi.getTimerCount()).toBe(0);
});
