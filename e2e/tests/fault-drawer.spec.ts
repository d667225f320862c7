import { connect, expect, expectSound, fresh, type Person, test } from "../support/people.ts";
import { hearsSomething } from "../support/probes.ts";

type Open = (name: string, options?: { readonly path?: string }) => Promise<Person>;

/** Two in an audio call; the first has the drawer open. */
async function inCall(person: Open): Promise<readonly [Person, Person]> {
  const alice = await person(fresh("alice"), { path: "/?faults=1" });
  const bob = await person(fresh("bob"));
  await connect([alice, bob], "audio");
  await expectSound(alice, bob);
  await alice.press("faults");
  await expect(alice.page.getByTestId("fault-connection")).toHaveText("connected");
  return [alice, bob];
}

const link = ({ page }: Person) => page.getByTestId("fault-link");
const banner = ({ page }: Person) => page.getByTestId("banner");

test("the drawer is there in the builds of tests only when asked for, and works by keyboard", async ({
  person,
}) => {
  const plain = await person(fresh("plain"));
  await expect(plain.page.getByTestId("self")).toBeVisible();
  await expect(plain.page.getByTestId("faults")).toHaveCount(0);
  const alice = await person(fresh("alice"), { path: "/?faults=1" });
  const toggle = alice.page.getByTestId("faults");
  await toggle.focus();
  await alice.page.keyboard.press("Enter");
  await expect(alice.page.getByTestId("fault-panel")).toBeVisible();
  await expect(alice.page.getByRole("heading", { name: "Faults" })).toBeFocused();
  await alice.page.getByRole("switch", { name: "Offline" }).press("Space");
  await expect(alice.page.getByRole("switch", { name: "Offline" })).toBeChecked();
  await expect(link(alice)).toHaveText("interrupted");
  await alice.page.keyboard.press("Escape");
  await expect(alice.page.getByTestId("fault-panel")).toHaveCount(0);
  await expect(toggle).toBeFocused();
});

test("a cut stream resumes, and the call does not notice", async ({ person }) => {
  const [alice, bob] = await inCall(person);
  const links = await followText(alice, "fault-link");
  await alice.press("fault-cut");
  await expect.poll(links).toEqual(expect.arrayContaining(["interrupted", "online"]));
  await expect(link(alice)).toHaveText("online");
  await expect(banner(alice)).toHaveCount(0);
  await expectSound(alice, bob);
  await alice.press("hang-up");
  await bob.expectEnded(/ended the call/);
});

test("a stalled stream is noticed while the call goes on, and catches up", async ({ person }) => {
  const [alice, bob] = await inCall(person);
  await alice.press("fault-stall");
  await expect(link(alice)).toHaveText("interrupted", { timeout: 25_000 });
  await expectSound(alice, bob);
  await alice.press("fault-stall");
  await expect(link(alice)).toHaveText("online");
  await bob.press("hang-up");
  await alice.expectEnded(/ended the call/);
});

test("an expired token is replaced, and nothing drops", async ({ person }) => {
  const [alice, bob] = await inCall(person);
  const links = await followText(alice, "fault-link");
  await alice.press("fault-expire-token");
  await expect(alice.page.getByTestId("fault-token")).toHaveText("expired");
  await expect(alice.page.getByTestId("fault-token")).toHaveText("good");
  await alice.press("toggle-microphone");
  await expect(bob.page.getByTestId("remote-microphone")).toBeVisible();
  expect(await links()).toEqual([]);
  await alice.press("hang-up");
  await bob.expectEnded(/ended the call/);
});

test("when the media path dies the person reads it within 3 s, and hears again when the path is back", async ({
  person,
}) => {
  const [alice, bob] = await inCall(person);
  await alice.press("fault-kill-media");
  const killedAt = Date.now();
  await expect(banner(alice)).toHaveText("Reconnecting…");
  expect(Date.now() - killedAt).toBeLessThan(3_000);
  await alice.expectPhase("Reconnecting…");
  expect(await hearsSomething(bob.page)).toBe(false);
  await expect(link(alice)).toHaveText("online");
  await alice.press("fault-kill-media");
  await expect(banner(alice)).toHaveCount(0);
  await alice.expectPhase("In call");
  await expectSound(alice, bob);
});

test("58: only signaling dies: nothing is said for 15 s, then a hint, and hanging up works over the data channel", async ({
  person,
}) => {
  // It waits 15 s for nothing to happen.
  test.slow();
  const [alice, bob] = await inCall(person);
  await alice.press("fault-offline");
  const offlineAt = Date.now();
  await expect(link(alice)).toHaveText("interrupted");
  await expect(banner(alice)).toHaveText("Lost contact with the server. Your call continues.", {
    timeout: 20_000,
  });
  expect(Date.now() - offlineAt).toBeGreaterThanOrEqual(15_000);
  await expectSound(alice, bob);
  await alice.press("hang-up");
  await bob.expectEnded(/ended the call/);
});

/** Every text that an element shows from now on, after its present one. */
async function followText({ page }: Person, testId: string): Promise<() => Promise<readonly string[]>> {
  const seen = await page.getByTestId(testId).evaluateHandle((element) => {
    const texts: string[] = [];
    new MutationObserver(() => texts.push(element.textContent ?? "")).observe(element, {
      characterData: true,
      childList: true,
      subtree: true,
    });
    return texts;
  });
  return () => seen.jsonValue();
}
