import { expect, test } from "vitest";
import { createFakePeerline } from "../testing/fake-peerline.ts";
import { fakeView } from "../testing/fake-views.ts";
import { followPage } from "./page-life.ts";

/** The few parts of a window that are listened to. */
function createPage() {
  const document = Object.assign(new EventTarget(), { visibilityState: "hidden" });
  const reloads: string[] = [];
  const performance = { at: 0, now: () => performance.at };
  const page = Object.assign(new EventTarget(), {
    document,
    performance,
    location: { reload: () => void reloads.push("reload") },
  });
  return { page, document, performance, reloads };
}

function follow() {
  const parts = createPage();
  const peerline = createFakePeerline(fakeView(), async () => 1);
  const unfollow = followPage(peerline, parts.page as unknown as Window);
  return { ...parts, peerline, unfollow };
}

test("a page that goes away leaves its calls the grace", () => {
  const { page, peerline } = follow();
  page.dispatchEvent(new Event("pagehide"));
  expect(peerline.requests).toEqual([{ type: "close", intent: "page-gone" }]);
});

test("coming online reconnects at once", () => {
  const { page, peerline } = follow();
  page.dispatchEvent(new Event("online"));
  expect(peerline.requests).toEqual([{ type: "wake" }]);
});

test.each([
  [20_000, [{ type: "wake" }]],
  [19_999, []],
])("becoming visible after %i ms hidden asks for %o", (hiddenMs, requests) => {
  const { document, performance, peerline } = follow();
  performance.at = 500;
  document.dispatchEvent(new Event("visibilitychange"));
  performance.at += hiddenMs;
  document.visibilityState = "visible";
  document.dispatchEvent(new Event("visibilitychange"));
  expect(peerline.requests).toEqual(requests);
});

test("a page from the browser's cache starts anew, a fresh one does not", () => {
  const { page, reloads } = follow();
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: false }));
  expect(reloads).toEqual([]);
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  expect(reloads).toEqual(["reload"]);
});

test("hears nothing after the way out", () => {
  const { page, peerline, unfollow } = follow();
  unfollow();
  page.dispatchEvent(new Event("pagehide"));
  page.dispatchEvent(new Event("online"));
  expect(peerline.requests).toEqual([]);
});
