import { expect, test } from "vitest";
import { createFakeBrowser, type FakeTab } from "../testing/fake-tabs.ts";
import { joinTabs, type TabPorts } from "./tab-desk.ts";

/** A tab of ana and what it was told, in order. */
function open({ ports }: Pick<FakeTab, "ports">, name = "ana") {
  const told: string[] = [];
  const desk = joinTabs(name, ports, {
    onState: (state) => told.push(state.phase === "standby" ? `standby ${state.leaderBusy}` : state.phase),
    onLead: () => told.push("open"),
    onYield: () => told.push("close"),
    onSignedOut: () => told.push("signed out"),
  });
  return { desk, told };
}

/** Every message and lock has arrived. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function twoTabs() {
  const browser = createFakeBrowser();
  const [firstTab, secondTab] = [browser.openTab(), browser.openTab()];
  const first = open(firstTab);
  await settled();
  const second = open(secondTab);
  await settled();
  return { browser, firstTab, secondTab, first, second };
}

test("of several tabs of one person one opens a session, the others hold nothing", async () => {
  const { browser, first, second } = await twoTabs();
  const third = open(browser.openTab());
  await settled();
  expect([first.told, second.told, third.told]).toEqual([
    ["open", "leading"],
    ["standby undefined", "standby false"],
    ["standby undefined", "standby false"],
  ]);
});

test("another person's tab has a session of its own", async () => {
  const { browser } = await twoTabs();
  const ben = open(browser.openTab(), "ben");
  await settled();
  expect(ben.told).toEqual(["open", "leading"]);
});

test("closing the leading tab hands over to the one that waits longest", async () => {
  const { browser, firstTab, second } = await twoTabs();
  const third = open(browser.openTab());
  await settled();
  firstTab.close();
  await settled();
  expect(second.told.slice(-2)).toEqual(["open", "leading"]);
  expect(third.told.at(-1)).toBe("standby false");
});

test("a person takes over, and the tab before stands by and can take it back", async () => {
  const { first, second } = await twoTabs();
  second.desk.takeOver();
  await settled();
  expect(second.told.slice(-2)).toEqual(["open", "leading"]);
  expect(first.told.slice(2)).toEqual(["close", "standby undefined", "standby false"]);
  first.desk.takeOver();
  await settled();
  expect(first.told.slice(-2)).toEqual(["open", "leading"]);
  expect(second.told.at(-1)).toBe("standby false");
});

test("a tab in a call is not taken over", async () => {
  const { first, second } = await twoTabs();
  first.desk.setBusy(true);
  await settled();
  expect(second.told.at(-1)).toBe("standby true");
  second.desk.takeOver();
  await settled();
  expect([first.told, second.told.includes("open")]).toEqual([["open", "leading", "leading"], false]);
});

test("a call that begins while another tab takes over keeps its tab, and the thief stands by", async () => {
  const { first, second } = await twoTabs();
  second.desk.takeOver();
  first.desk.setBusy(true);
  await settled();
  expect(first.told).not.toContain("close");
  expect(second.told.slice(-5)).toEqual(["open", "leading", "close", "standby undefined", "standby true"]);
  first.desk.leave();
  await settled();
  expect(second.told.slice(-2)).toEqual(["open", "leading"]);
});

test("the leading tab leads again after a reload, whoever stood in for it", async () => {
  const { browser, firstTab, second } = await twoTabs();
  firstTab.close();
  await settled();
  expect(second.told.slice(-2)).toEqual(["open", "leading"]);
  const reloaded = open(browser.openTab(firstTab.storage));
  await settled();
  expect(reloaded.told.slice(-2)).toEqual(["open", "leading"]);
  expect(second.told.slice(-2)).toEqual(["standby undefined", "standby false"]);
});

test("a duplicate of the leading tab, with a copy of its storage, stands by", async () => {
  const { browser, firstTab, first } = await twoTabs();
  const duplicate = open(browser.openTab(new Map(firstTab.storage)));
  await settled();
  expect(duplicate.told).toEqual(["standby undefined", "standby false"]);
  expect(first.told).toEqual(["open", "leading"]);
});

test("a duplicate of a tab that led and was reloaded stands by as well", async () => {
  const browser = createFakeBrowser();
  const tab = browser.openTab();
  open(tab);
  await settled();
  tab.close();
  const reloaded = open(browser.openTab(tab.storage));
  await settled();
  const duplicate = open(browser.openTab(new Map(tab.storage)));
  await settled();
  expect([reloaded.told, duplicate.told]).toEqual([
    ["open", "leading"],
    ["standby undefined", "standby false"],
  ]);
});

test("signing out in one tab signs out all tabs of that person, and nobody else", async () => {
  const { browser, first, second } = await twoTabs();
  const ben = open(browser.openTab(), "ben");
  await settled();
  second.desk.signOut();
  await settled();
  expect([first.told.slice(-2), second.told.slice(-2), ben.told]).toEqual([
    ["signed out", "left"],
    ["signed out", "left"],
    ["open", "leading"],
  ]);
});

test("a tab that left gives the lock back, also one that it gets only then", async () => {
  const browser = createFakeBrowser();
  const first = open(browser.openTab());
  first.desk.leave();
  await settled();
  const second = open(browser.openTab());
  await settled();
  expect([first.told, second.told]).toEqual([[], ["open", "leading"]]);
});

test("in a browser without locks every tab opens a session, and the sign-out still reaches all", async () => {
  const browser = createFakeBrowser();
  const tabs = [browser.openTab(), browser.openTab()].map(({ ports }) =>
    open({ ports: { ...ports, locks: undefined } satisfies TabPorts }),
  );
  expect(tabs.map(({ told }) => told)).toEqual([
    ["open", "leading"],
    ["open", "leading"],
  ]);
  tabs[0]?.desk.signOut();
  await settled();
  expect(tabs.map(({ told }) => told.at(-2))).toEqual(["signed out", "signed out"]);
});
