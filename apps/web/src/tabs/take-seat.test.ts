import type { Peerline } from "@peerline/client";
import { expect, test } from "vitest";
import { createFakePeerline, type FakePeerline } from "../testing/fake-peerline.ts";
import { createFakeBrowser, type FakeTab } from "../testing/fake-tabs.ts";
import { fakeCall, fakeView } from "../testing/fake-views.ts";
import { type Seat, takeSeat } from "./take-seat.ts";

const params = { as: "Ana", with: undefined, server: undefined, fake: undefined, faults: undefined };

/** A tab of ana's, the Peerlines that it opened, and how often it was signed out. */
function sit(tab: FakeTab, openWith?: () => Promise<Peerline>) {
  const opened: FakePeerline[] = [];
  let signedOut = 0;
  const open = async () => {
    const peerline = createFakePeerline(fakeView(), async () => 1);
    opened.push(peerline);
    return peerline;
  };
  const taken = takeSeat({
    name: "Ana",
    serverUrl: "http://server",
    params,
    tabs: tab.ports,
    open: openWith ?? open,
    onSignedOut: () => signedOut++,
  });
  return {
    ...taken,
    opened,
    signedOut: () => signedOut,
    closings: () => opened.map(({ requests }) => requests),
  };
}

const look = (seat: Seat) => (seat.type === "standby" ? `standby ${seat.leaderBusy}` : seat.type);

/** Every message, lock and session has arrived. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function twoTabs() {
  const browser = createFakeBrowser();
  const first = sit(browser.openTab());
  await settled();
  const second = sit(browser.openTab());
  await settled();
  const looks = () => [first, second].map(({ seat }) => look(seat.value));
  return { browser, first, second, looks };
}

test("one tab has the session, the other waits without one", async () => {
  const { first, second, looks } = await twoTabs();
  expect(looks()).toEqual(["open", "standby false"]);
  expect([first.opened.length, second.opened.length]).toEqual([1, 0]);
});

test("a ringing call moves with the session: the tab before leaves it the grace", async () => {
  const { first, second, looks } = await twoTabs();
  first.opened[0]?.show(fakeView({ call: fakeCall("incoming") }));
  second.takeOver();
  await settled();
  expect(looks()).toEqual(["standby false", "open"]);
  expect(first.closings()).toEqual([[{ type: "close", intent: "page-gone" }]]);
});

test.each(["dialing", "ringing", "accepting", "connecting", "live", "reconnecting"] as const)(
  "a call that is %s stays where it is",
  async (phase) => {
    const { first, second, looks } = await twoTabs();
    first.opened[0]?.show(fakeView({ call: fakeCall(phase) }));
    await settled();
    expect(looks()).toEqual(["open", "standby true"]);
    second.takeOver();
    await settled();
    expect(looks()).toEqual(["open", "standby true"]);
    first.opened[0]?.show(fakeView({ call: fakeCall("ended") }));
    await settled();
    expect(looks()).toEqual(["open", "standby false"]);
  },
);

test("signing out reaches every tab, and leaving ends the session with its calls", async () => {
  const { first, second } = await twoTabs();
  second.signOut();
  await settled();
  expect([first.signedOut(), second.signedOut()]).toEqual([1, 1]);
  first.leave();
  expect(first.closings()).toEqual([[{ type: "close", intent: "sign-out" }]]);
});

test("a session that opens after another tab took over is closed at once", async () => {
  const browser = createFakeBrowser();
  const late = createFakePeerline(fakeView(), async () => 1);
  const opening = Promise.withResolvers<Peerline>();
  const first = sit(browser.openTab(), () => opening.promise);
  await settled();
  const second = sit(browser.openTab());
  await settled();
  second.takeOver();
  await settled();
  opening.resolve(late);
  await settled();
  expect([look(first.seat.value), look(second.seat.value)]).toEqual(["standby false", "open"]);
  expect(late.requests).toEqual([{ type: "close", intent: "page-gone" }]);
});

test("a session that cannot be opened says why", async () => {
  const seat = sit(createFakeBrowser().openTab(), () => Promise.reject(new Error("no such server")));
  await settled();
  expect(seat.seat.value).toEqual({ type: "trouble", text: "no such server" });
});
