import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import { connect, environment, expect, expectSound, fresh, test } from "../support/people.ts";
import { show } from "../support/scenes.ts";
import { freePort } from "../support/stack.ts";

/** Every kind of site data as a browser has it whose person has blocked it. Runs before the page's scripts. */
function blockSiteData(): void {
  const refuse = (): never => {
    throw new DOMException("The request was denied.", "SecurityError");
  };
  for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches", "BroadcastChannel"]) {
    Object.defineProperty(window, name, { configurable: true, get: refuse });
  }
  Object.defineProperty(Navigator.prototype, "locks", { configurable: true, get: refuse });
}

/** Storage that has no room, and locks that never answer. */
function starveSiteData(): void {
  Storage.prototype.setItem = () => {
    throw new DOMException("no room", "QuotaExceededError");
  };
  LockManager.prototype.request = () => new Promise(() => {});
  IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest;
}

for (const [surroundings, prepare] of [
  ["blocked", blockSiteData],
  ["full and silent", starveSiteData],
] as const) {
  test(`a person whose site data is ${surroundings} signs in and calls`, async ({ browser }) => {
    const context = await browser.newContext({ permissions: ["camera", "microphone"] });
    await context.addInitScript(prepare);
    const page = await context.newPage();
    const url = new URL("/", environment("PEERLINE_E2E_WEB"));
    url.searchParams.set("server", environment("PEERLINE_E2E_SERVER"));
    await page.goto(url.href);
    await page.getByTestId("name").fill(fresh("ana"));
    await page.getByTestId("continue").click();
    await page.getByTestId("person-echo").getByTestId("call-audio").click();
    await expect(page.getByTestId("call-timer")).toBeVisible();
    await page.getByTestId("hang-up").click();
    await expect(page.getByTestId("end-reason")).toHaveText(/You ended the call/);
    await context.close();
  });
}

test("what a person typed into the address is never decoded into an error", async ({ page }) => {
  const { origin } = new URL(environment("PEERLINE_E2E_WEB"));
  const search = `?as=${fresh("ana")}&server=${encodeURIComponent(environment("PEERLINE_E2E_SERVER"))}`;
  // Some servers refuse such addresses themselves; this one gives the page for each.
  await page.route("**/*", async (route) => {
    const isPage = route.request().resourceType() === "document";
    await (isPage ? route.fulfill({ response: await route.fetch({ url: `${origin}/` }) }) : route.continue());
  });
  for (const path of ["/call/%E0%A4%A", "/%", "//%", "/call/%00"]) {
    await page.goto(`${origin}${path}${search}#%E0%A4%A`);
    await expect(page.getByRole("heading", { name: "There is nothing at this address." })).toBeVisible();
  }
  await page.goto(`${origin}/${search.replace("as=", "as=%E0%A4%A")}`);
  await expect(page.getByTestId("self")).toBeVisible();
});

test("whatever name is in the address, a person signs in or is asked for another one", async ({ page }) => {
  const odd = {
    nothing: "",
    blank: " \u200B\u2060",
    control: "\u0000",
    bidi: "\u202E",
    emoji: "🦊",
    long: "x".repeat(300),
  };
  const shown: Record<string, string> = {};
  for (const [kind, name] of Object.entries(odd)) {
    const url = new URL("/", environment("PEERLINE_E2E_WEB"));
    url.searchParams.set("server", environment("PEERLINE_E2E_SERVER"));
    url.searchParams.set("as", name);
    await page.goto(url.href);
    const asked = page.getByTestId("continue");
    await expect(
      asked.or(page.getByTestId("link-state").filter({ hasText: /^(?!Connecting)/ })),
    ).toBeVisible();
    shown[kind] =
      (await asked.count()) > 0 ? "asked" : ((await page.getByTestId("link-state").textContent()) ?? "");
  }
  expect(shown).toEqual({
    nothing: "asked",
    blank: "asked",
    control: "asked",
    bidi: "asked",
    emoji: "Ready",
    long: "Ready",
  });
});

test("a server that is none is named, and one without a sign-in by name says so for good", async ({
  page,
}) => {
  const web = environment("PEERLINE_E2E_WEB").replace(/\/$/, "");
  await page.goto(`${web}/?as=${fresh("ana")}&server=${encodeURIComponent(web)}`);
  await expect(page.getByTestId("trouble")).toHaveText(
    new RegExp(`What answers at ${web} is no Peerline server.*Trying again…`),
  );
  await expect(page.getByTestId("nobody")).toHaveCount(0);
  const server = environment("PEERLINE_E2E_SERVER");
  await page.route(/DevelopmentService/, (route) =>
    route.fulfill({ status: 404, json: { code: "unimplemented", message: "There is nothing here." } }),
  );
  await page.goto(`${web}/call/${"0".repeat(32)}?as=${fresh("ana")}&server=${encodeURIComponent(server)}`);
  await expect(page.getByTestId("trouble")).toHaveText(
    `${server} has no sign-in by name alone. Open Peerline from the page that signs you in there.`,
  );
  await expect(page.getByTestId("link-state")).toHaveText("Not signed in");
});

/** A browser that plays nothing, not even a silent picture, before the person has clicked. Runs before the page's scripts. */
function blockAutoplay(): void {
  const { play } = HTMLMediaElement.prototype;
  let hasClicked = false;
  addEventListener(
    "pointerdown",
    () => {
      hasClicked = true;
    },
    { capture: true },
  );
  Object.defineProperty(HTMLMediaElement.prototype, "autoplay", { set() {} });
  HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
    if (hasClicked) return play.call(this);
    return Promise.reject(new DOMException("click first", "NotAllowedError"));
  };
}

test("where everything that plays is blocked one tap starts sound and pictures", async ({ pair }) => {
  const [alice] = pair;
  await connect(pair, "video");
  await alice.page.addInitScript(blockAutoplay);
  await alice.page.reload();
  const paused = () =>
    Promise.all(
      ["remote-audio", "remote-video", "local-video"].map((testId) =>
        alice.page.getByTestId(testId).evaluate((media: HTMLMediaElement) => media.paused),
      ),
    );
  await expect(alice.page.getByTestId("call-timer")).toBeVisible();
  await expect(alice.page.getByTestId("tap-to-hear")).toBeVisible();
  expect(await paused()).toEqual([true, true, true]);
  await alice.press("tap-to-hear");
  await expect.poll(paused).toEqual([false, false, false]);
  await expect(alice.page.getByTestId("tap-to-hear")).toHaveCount(0);
});

test("a page that cannot be drawn says so instead of being blank", async ({ page }) => {
  await show(page, { fake: "people" });
  await page.evaluate(() => {
    type Fake = import("@peerline/client").Peerline & { show(view: unknown): void };
    const { peerline } = window as unknown as { peerline: Fake };
    const view = peerline.view();
    peerline.show({ ...view, people: view.people.map((person) => ({ ...person, displayName: null })) });
  });
  await expect(page.getByRole("heading", { name: /Something went wrong on this page/ })).toBeVisible();
});

test("a client that was built for a folder is all there: pages, addresses, scripts, signs, the lab", async ({
  browser,
  person,
}) => {
  const root = fileURLToPath(new URL("../../apps/web/", import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), "peerline-calls-"));
  const base = "/calls/";
  const options = {
    root,
    base,
    build: { outDir, emptyOutDir: true },
    logLevel: "warn",
    mode: "e2e",
  } as const;
  await build(options);
  const web = await preview({
    ...options,
    preview: { port: await freePort(), strictPort: true, host: "localhost" },
  });
  const context = await browser.newContext({ permissions: ["camera", "microphone"] });
  try {
    const page = await context.newPage();
    const missing: string[] = [];
    page.on("response", (response) => response.status() >= 400 && missing.push(response.url()));
    const home = new URL(web.resolvedUrls?.local[0] ?? "");
    const name = fresh("ana");
    await page.goto(`${home.href}?server=${environment("PEERLINE_E2E_SERVER")}`);
    await page.getByTestId("name").fill(name);
    await page.getByTestId("continue").click();
    await expect(page.getByTestId("self")).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(base);
    const bob = await person(fresh("bob"));
    await bob.call(name, "audio");
    await expect(page.getByTestId("answer-audio")).toBeVisible();
    await expect(page.locator("link[rel=icon]")).toHaveAttribute("href", "/calls/favicon-call.svg");
    await page.getByTestId("answer-audio").click();
    await expect(page.getByTestId("call-timer")).toBeVisible();
    expect(new URL(page.url()).pathname).toMatch(/^\/calls\/call\/[0-9a-f]{32}$/);
    await page.reload();
    await expect(page.getByTestId("call-timer")).toBeVisible();
    await expectSound(bob);
    await bob.press("hang-up");
    await page.getByTestId("back-to-people").click();
    await expect(page.getByTestId("self")).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(base);
    await page.goto(new URL("lab?as=one&with=two", home).href);
    await expect(page.getByTestId("lab-register")).toBeVisible();
    await page.goto(new URL(`nowhere?as=${name}`, home).href);
    await expect(page.getByRole("link", { name: "Back to people" })).toHaveAttribute("href", /^\/calls\/\?/);
    expect(missing).toEqual([]);
  } finally {
    await context.close();
    await web.close();
    await rm(outDir, { recursive: true });
  }
});
