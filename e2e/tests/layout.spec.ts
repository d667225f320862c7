import type { Page } from "@playwright/test";
import { connect, expect, fresh, test } from "../support/people.ts";
import { type Scene, show } from "../support/scenes.ts";

const zoomed = { width: 320, height: 200 };
const phone = { width: 390, height: 844 };
const keyboardUp = { width: 390, height: 400 };
const sizes = [zoomed, phone, keyboardUp, { width: 844, height: 390 }, { width: 1_280, height: 800 }];

/** Controls within `selector` that a pointer does not reach, also after scrolling, by their names. */
function unreachable(page: Page, selector: string): Promise<readonly string[]> {
  return page.locator(selector).evaluate((root) => {
    const controls = root.querySelectorAll<HTMLElement>("button, a[href], input, textarea");
    return [...controls].flatMap((control) => {
      control.scrollIntoView({ block: "nearest" });
      const { left, top, width, height } = control.getBoundingClientRect();
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      return hit && control.contains(hit) ? [] : [control.dataset.testid ?? control.outerHTML];
    });
  });
}

/** Whether the two cover a point together. */
async function overlap(page: Page, one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((selector) => page.locator(selector).boundingBox()));
  if (!a || !b) throw new Error(`${a ? other : one} is not on the page`);
  const isBeside = a.x + a.width <= b.x || b.x + b.width <= a.x;
  return !isBeside && a.y + a.height > b.y && b.y + b.height > a.y;
}

const scenes: readonly (readonly [Scene, string])[] = [
  [{ fake: "incoming" }, ".incoming"],
  [{ fake: "incoming-long" }, ".incoming"],
  [{ fake: "dialing" }, ".stage"],
  [{ fake: "live" }, ".stage"],
  [{ fake: "refused" }, ".stage"],
  [{ fake: "reconnecting" }, ".stage"],
  [{ fake: "long-chat", press: ["toggle-chat"] }, ".chat"],
  [{ fake: "long-chat", press: ["toggle-chat"] }, ".call-bar"],
  [{ fake: "failed", path: "/call/0123456789abcdef0123456789abcdef" }, ".stage"],
  [{ fake: "standby" }, "main"],
];

for (const size of sizes) {
  test(`at ${size.width} × ${size.height} every control is reached and nothing is wider than the window`, async ({
    page,
  }) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ reducedMotion: "reduce" });
    const hidden: Record<string, readonly string[]> = {};
    for (const [scene, selector] of scenes) {
      await show(page, scene);
      const found = await unreachable(page, selector);
      if (found.length > 0) hidden[`${JSON.stringify(scene)} ${selector}`] = found;
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
    }
    expect(hidden).toEqual({});
    await show(page, { fake: "live" });
    expect(await overlap(page, ".local-tile", ".stage-header")).toBe(false);
    expect(await overlap(page, ".local-tile", ".call-bar")).toBe(false);
  });
}

test("an incoming call that is higher than the window begins with who calls", async ({ page }) => {
  await page.setViewportSize(zoomed);
  await show(page, { fake: "incoming" });
  await expect(page.getByRole("heading", { name: "Ana Torres is calling" })).toBeInViewport({ ratio: 1 });
});

for (const size of [zoomed, keyboardUp, phone]) {
  test(`at ${size.width} × ${size.height} the newest message and the field for the next one are seen, without a strip of video`, async ({
    page,
  }) => {
    await page.setViewportSize(phone);
    await show(page, { fake: "long-chat", press: ["toggle-chat"] });
    // As when the keyboard comes up.
    await page.setViewportSize(size);
    await expect(page.getByTestId("chat-message").last()).toBeInViewport();
    await expect(page.getByTestId("chat-input")).toBeInViewport({ ratio: 1 });
    const [chat, bar] = await Promise.all(
      [".chat", ".call-bar"].map((selector) => page.locator(selector).boundingBox()),
    );
    expect((chat?.y ?? 0) + (chat?.height ?? 0)).toBeCloseTo(bar?.y ?? 0, 0);
  });
}

for (const size of [phone, { width: 1_280, height: 800 }]) {
  test(`at ${size.width} × ${size.height} a long address that is typed or read widens nothing`, async ({
    page,
  }) => {
    await page.setViewportSize(size);
    await show(page, { fake: "long-chat", press: ["toggle-chat"] });
    const panel = await page.getByTestId("chat").boundingBox();
    const input = page.getByTestId("chat-input");
    await input.fill(`https://example.com/${"a".repeat(2_000)}`);
    expect(await page.getByTestId("chat").boundingBox()).toEqual(panel);
    expect((await input.boundingBox())?.width).toBeLessThan(panel?.width ?? 0);
    expect(await unreachable(page, ".chat")).toEqual([]);
  });
}

test("a keyboard that covers the page instead of shrinking it leaves the field in sight", async ({
  page,
}) => {
  await page.setViewportSize(phone);
  await show(page, { fake: "long-chat", press: ["toggle-chat"] });
  await page.evaluate(() => {
    const area = window.visualViewport;
    if (!area) throw new Error("no visual viewport");
    Object.defineProperty(area, "height", { value: 420 });
    area.dispatchEvent(new Event("resize"));
  });
  await expect
    .poll(async () => {
      const field = await page.getByTestId("chat-input").boundingBox();
      return (field?.y ?? 0) + (field?.height ?? 0);
    })
    .toBeLessThan(420);
});

test("a picture of another shape is shown whole, and the person can fill the window with it", async ({
  page,
}) => {
  await show(page, { fake: "portrait" });
  const video = page.getByTestId("remote-video");
  await expect(video).toHaveCSS("object-fit", "contain");
  const fit = page.getByTestId("picture-fit");
  await fit.focus();
  await page.keyboard.press("Enter");
  await expect(video).toHaveCSS("object-fit", "cover");
  await expect(fit).toHaveAccessibleName("Show the whole picture");
  await video.dblclick({ position: { x: 300, y: 300 } });
  await expect(video).toHaveCSS("object-fit", "contain");
  await expect(fit).toHaveAccessibleName("Fill the window with the picture");
});

test("a picture of nearly the window's shape fills it, until the window is another one", async ({ page }) => {
  await show(page, { fake: "live" });
  const video = page.getByTestId("remote-video");
  await expect(video).toHaveCSS("object-fit", "cover");
  await page.setViewportSize(phone);
  await expect(video).toHaveCSS("object-fit", "contain");
});

/** Adds a message of the other person to a pictured call whose chat is full: the oldest one goes. */
/** `scrollUp`: the reader scrolls up in the same instant, before the browser tells of it, which it does with the next frame. */
function receive(page: Page, id: string, { scrollUp = false } = {}): Promise<void> {
  return page.evaluate(
    ({ id, scrollUp }) => {
      if (scrollUp) document.querySelector("[role=log]")?.scrollTo({ top: 0 });
      type Fake = import("@peerline/client").Peerline & {
        show(view: import("@peerline/client").PeerlineView): void;
      };
      const { peerline } = window as unknown as { peerline: Fake };
      const view = peerline.view();
      if (!view.details) throw new Error("no call");
      const entry = { id, from: "them", text: `news ${id}`, at: Date.now() } as const;
      peerline.show({
        ...view,
        details: { ...view.details, chat: [...view.details.chat.slice(1), entry] },
      });
    },
    { id, scrollUp },
  );
}

test("the newest message stays in sight, and who reads what was said before is told of it", async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await show(page, { fake: "long-chat", press: ["toggle-chat"] });
  const log = page.getByRole("log");
  const newer = page.getByTestId("chat-newer");
  for (const id of ["a", "b"]) {
    await receive(page, id);
    await expect(page.getByText(`news ${id}`)).toBeInViewport({ ratio: 1 });
  }
  await expect(newer).toHaveCount(0);
  await log.evaluate((box) => box.scrollTo({ top: 0 }));
  await receive(page, "c");
  await receive(page, "d");
  await expect(newer).toHaveText("2 new messages");
  expect(await log.evaluate((box) => box.scrollTop)).toBeLessThan(200);
  await newer.click();
  await expect(page.getByText("news d")).toBeInViewport({ ratio: 1 });
  await expect(newer).toHaveCount(0);
  await page.getByTestId("toggle-chat").click();
  await receive(page, "e");
  await expect(page.getByTestId("toggle-chat")).toHaveAccessibleName(/Chat.*1 unread/);
});

test("a message that comes in the instant of scrolling up takes nobody back to the end", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await show(page, { fake: "long-chat", press: ["toggle-chat"] });
  const log = page.getByRole("log");
  await receive(page, "a");
  await expect(page.getByText("news a")).toBeInViewport({ ratio: 1 });
  await receive(page, "b", { scrollUp: true });
  await expect(page.getByTestId("chat-newer")).toHaveText("1 new message");
  expect(await log.evaluate((box) => box.scrollTop)).toBeLessThan(200);
});

test("the fault switches of development cover nothing of the product", async ({ person }) => {
  const alice = await person(fresh("alice"), { path: "/?faults=1", viewport: phone });
  const bob = await person(fresh("bob"));
  await expect(alice.page.getByTestId("faults")).toBeVisible();
  await bob.call(alice.name, "video");
  await expect(alice.page.getByTestId("incoming-call")).toBeVisible();
  for (const size of sizes) {
    await alice.page.setViewportSize(size);
    expect(await unreachable(alice.page, ".incoming")).toEqual([]);
  }
  await bob.press("cancel");
  await bob.backToPeople();
  await connect([bob, alice], "video");
  for (const size of sizes) {
    await alice.page.setViewportSize(size);
    expect(await unreachable(alice.page, ".stage")).toEqual([]);
  }
});
