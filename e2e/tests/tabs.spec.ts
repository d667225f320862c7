import type { Page } from "@playwright/test";
import { connect, expect, expectSound, fresh, type Person, personOn, test } from "../support/people.ts";

/** Another tab of the same person in the same browser, at the same address. */
async function anotherTab({ page }: Person): Promise<Page> {
  const tab = await page.context().newPage();
  const url = new URL(page.url());
  url.pathname = "/";
  await tab.goto(url.href);
  return tab;
}

/** Another tab that waits. */
async function standbyTab(person: Person): Promise<Page> {
  const tab = await anotherTab(person);
  await expect(tab.getByTestId("standby")).toBeVisible();
  return tab;
}

/** The goal is 1 s. A machine that runs other things at the same time gets more; the test's report has the figure. */
const handoverMs = 3_000;

/** When an element comes to a page, by the clock of this machine: a test that polls would see it late. */
function appearance(page: Page, testId: string): Promise<number> {
  return page.evaluate(
    (id) =>
      new Promise<number>((resolve) => {
        const watch = new MutationObserver(() => {
          if (!document.querySelector(`[data-testid="${id}"]`)) return;
          watch.disconnect();
          resolve(Date.now());
        });
        watch.observe(document.body, { childList: true, subtree: true });
      }),
    testId,
  );
}

test("22: a tab that opens mid-ring rings too as soon as the one that rings is closed, and answers", async ({
  pair,
}) => {
  const [alice, bob] = pair;
  await alice.call(bob.name, "audio");
  await expect(bob.page.getByTestId("answer-audio")).toBeVisible();
  const second = await standbyTab(bob);
  await expect(second.getByTestId("incoming-call")).toHaveCount(0);
  const ringing = appearance(second, "incoming-call");
  const closedAt = Date.now();
  await bob.page.close({ runBeforeUnload: true });
  const silentMs = (await ringing) - closedAt;
  test.info().annotations.push({ type: "silent for", description: `${silentMs} ms` });
  expect(silentMs).toBeLessThan(handoverMs);
  await second.getByTestId("answer-audio").click();
  await expect(alice.page.getByTestId("call-timer")).toBeVisible();
  await expectSound(alice, personOn(second, bob.name));
});

test("a person goes on in another tab, and back", async ({ pair }) => {
  const [alice, bob] = pair;
  const second = await standbyTab(bob);
  await second.getByTestId("use-it-here").click();
  await expect(second.getByTestId("self")).toBeVisible();
  await expect(bob.page.getByTestId("standby")).toBeVisible();
  await alice.call(bob.name, "audio");
  await expect(second.getByTestId("answer-audio")).toBeVisible();
  await expect(bob.page.getByTestId("incoming-call")).toHaveCount(0);
  await bob.press("use-it-here");
  await expect(bob.page.getByTestId("answer-audio")).toBeVisible();
  await expect(second.getByTestId("standby")).toBeVisible();
  await bob.press("answer-audio");
  await expectSound(alice, bob);
});

test("a tab in a call keeps it: the other one says so and waits for the end", async ({ pair }) => {
  const [, bob] = pair;
  const second = await standbyTab(bob);
  await connect(pair, "audio");
  await expect(second.getByTestId("use-it-here")).toBeDisabled();
  await expect(second.getByTestId("standby-hint")).toHaveText(/You are in a call there/);
  await bob.press("hang-up");
  await expect(second.getByTestId("use-it-here")).toBeEnabled();
});

test("33: a duplicated tab, with a copy of the storage, waits and takes no endpoint away", async ({
  pair,
}) => {
  const [alice, bob] = pair;
  const [copied] = await Promise.all([
    bob.page.context().waitForEvent("page"),
    // A page that a page opens gets a copy of its session storage, as a duplicated tab does.
    bob.page.evaluate(() => void window.open(location.href, "_blank")),
  ]);
  await expect(copied.getByTestId("standby")).toBeVisible();
  const storageOf = (page: Page) =>
    page.evaluate(() =>
      Object.entries(sessionStorage).filter(([key]) => key.startsWith("peerline.endpoint")),
    );
  expect(await storageOf(copied)).toEqual(await storageOf(bob.page));
  await copied.getByTestId("use-it-here").click();
  await expect(copied.getByTestId("self")).toBeVisible();
  expect(await storageOf(copied)).not.toEqual(await storageOf(bob.page));
  await alice.call(bob.name, "audio");
  await expect(copied.getByTestId("answer-audio")).toBeVisible();
  await expect(bob.page.getByTestId("standby")).toBeVisible();
});

test("ten tabs of one person hold one stream, so that calls still get through", async ({ pair }) => {
  const [alice, bob] = pair;
  const tabs = await Promise.all(Array.from({ length: 9 }, () => standbyTab(bob)));
  await connect([alice, bob], "audio");
  await expectSound(alice, bob);
  expect(tabs).toHaveLength(9);
  for (const tab of tabs) await expect(tab.getByTestId("standby")).toBeVisible();
});

test("the leading tab leads again after a reload", async ({ pair }) => {
  const [alice, bob] = pair;
  const second = await standbyTab(bob);
  await bob.page.reload();
  await expect(bob.page.getByTestId("self")).toBeVisible();
  await expect(second.getByTestId("standby")).toBeVisible();
  await alice.call(bob.name, "audio");
  await expect(bob.page.getByTestId("answer-audio")).toBeVisible();
});

test("a reload in a call goes back to the call, past a tab that waits", async ({ pair }) => {
  const [alice, bob] = pair;
  const second = await standbyTab(bob);
  await connect(pair, "audio");
  const { pathname } = new URL(bob.page.url());
  await bob.page.reload();
  await bob.expectPhase("In call");
  expect(new URL(bob.page.url()).pathname).toBe(pathname);
  await expectSound(alice, bob);
  await expect(second.getByTestId("standby")).toBeVisible();
  await bob.press("hang-up");
  await alice.expectEnded(/ended the call/);
});

test("79: signing out in one tab signs out all of that sign-in, and hangs up the call in another", async ({
  pair,
  person,
}) => {
  const [alice, bob] = pair;
  const second = await standbyTab(bob);
  const carol = await person(fresh("carol"));
  await connect(pair, "audio");
  await second.getByTestId("sign-out").click();
  await expect(alice.page.getByTestId("end-reason")).toHaveText(/ended the call/);
  for (const page of [bob.page, second]) await expect(page.getByTestId("continue")).toBeVisible();
  await expect(carol.row(bob.name).getByTestId("call-audio")).toBeDisabled();
  await expect(carol.page.getByTestId("self")).toBeVisible();
});
