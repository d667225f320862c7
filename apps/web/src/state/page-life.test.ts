import { expect, test } from "vitest";
import { createFakePeerline } from "../testing/fake-peerline.ts";
import { fakeCall, fakeView } from "../testing/fake-views.ts";
import { followPage } from "./page-life.ts";

/** The few parts of a window that are listened to. */
function createPage() {
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const reloads: string[] = [];
  const connection = new EventTarget();
  const performance = { at: 0, now: () => performance.at };
  const page = Object.assign(new EventTarget(), {
    document,
    performance,
    navigator: { connection },
    location: { reload: () => void reloads.push("reload") },
  });
  return { page, document, connection, performance, reloads };
}

function follow(view = fakeView()) {
  const parts = createPage();
  const peerline = createFakePeerline(view, async () => 1);
  const unfollow = followPage(peerline, parts.page as unknown as Window);
  const turn = (type: "pagehide" | "pageshow", persisted: boolean) =>
    parts.page.dispatchEvent(Object.assign(new Event(type), { persisted }));
  const look = (visibilityState: "hidden" | "visible") => {
    parts.document.visibilityState = visibilityState;
    parts.document.dispatchEvent(new Event("visibilitychange"));
  };
  return { ...parts, peerline, unfollow, turn, look };
}

test("a page that goes away leaves its calls the grace", () => {
  const { peerline, turn } = follow();
  turn("pagehide", false);
  expect(peerline.requests).toEqual([{ type: "close", intent: "page-gone" }]);
});

test("another kind of network renews the link and the calls' paths at once", () => {
  const { connection, peerline } = follow();
  connection.dispatchEvent(new Event("change"));
  expect(peerline.requests).toEqual([{ type: "networkChanged" }]);
});

test("nothing is tried while the browser is offline; online again is told at once", () => {
  const { page, peerline } = follow();
  page.dispatchEvent(new Event("offline"));
  expect(peerline.requests).toEqual([{ type: "setOnline", isOnline: false }]);
  page.dispatchEvent(new Event("online"));
  expect(peerline.requests.slice(1)).toEqual([{ type: "setOnline", isOnline: true }]);
});

test("a browser that does not tell about its networks is followed all the same", () => {
  const { page } = createPage();
  const peerline = createFakePeerline(fakeView(), async () => 1);
  followPage(peerline, Object.assign(page, { navigator: {} }) as unknown as Window);
  page.dispatchEvent(new Event("online"));
  expect(peerline.requests).toEqual([{ type: "setOnline", isOnline: true }]);
});

test.each([
  [20_000, "online", [{ type: "wake" }]],
  [19_999, "online", []],
  [1, "interrupted", [{ type: "wake" }]],
  [1, "connecting", [{ type: "wake" }]],
] as const)(
  "becoming visible after %i ms hidden with the link %s asks for %o",
  (hiddenMs, link, requests) => {
    const { performance, peerline, look } = follow(fakeView({ link }));
    performance.at = 500;
    look("hidden");
    performance.at += hiddenMs;
    look("visible");
    expect(peerline.requests).toEqual(requests);
  },
);

test("a page that was frozen wakes its link", () => {
  const { document, peerline } = follow();
  document.dispatchEvent(new Event("resume"));
  expect(peerline.requests).toEqual([{ type: "wake" }]);
});

test("76: a page without calls is kept by the browser's cache and wakes its link when it comes back", () => {
  const { peerline, turn, reloads } = follow();
  turn("pagehide", true);
  expect(peerline.requests).toEqual([]);
  turn("pageshow", true);
  expect(peerline.requests).toEqual([{ type: "wake" }]);
  expect(reloads).toEqual([]);
});

test("a page that left a call behind starts anew when it comes back", () => {
  const { peerline, turn, reloads } = follow(fakeView({ call: fakeCall("live") }));
  turn("pagehide", true);
  expect(peerline.requests).toEqual([{ type: "close", intent: "page-gone" }]);
  turn("pageshow", true);
  expect(reloads).toEqual(["reload"]);
});

test("a fresh page that is shown is left alone", () => {
  const { peerline, turn, reloads } = follow();
  turn("pageshow", false);
  expect([peerline.requests, reloads]).toEqual([[], []]);
});

test("hears nothing after the way out", () => {
  const { page, connection, peerline, unfollow, turn } = follow();
  unfollow();
  turn("pagehide", false);
  page.dispatchEvent(new Event("online"));
  connection.dispatchEvent(new Event("change"));
  expect(peerline.requests).toEqual([]);
});
