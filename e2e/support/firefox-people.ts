import type { Browser, Page } from "puppeteer-core";
import { launchFirefox, type Prefs } from "./firefox.ts";
import { addressFor, test as base, expect, type PersonOptions } from "./people.ts";
import { installProbes } from "./probes.ts";
import type { Someone } from "./someone.ts";

/** As long as Playwright waits for what a test expects of Chromium. */
const timeoutMs = 15_000;

/** A person with the web client open in a Firefox profile of their own. */
export interface FirefoxPerson extends Someone {
  readonly page: Page;
}

export type FirefoxPersonOptions = Pick<PersonOptions, "path" | "server">;

export async function openInFirefox(
  browser: Browser,
  name: string,
  options: FirefoxPersonOptions = {},
): Promise<FirefoxPerson> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.evaluateOnNewDocument(installProbes, { relayOnly: false });
  await page.goto(addressFor(name, options));
  return { ...someoneOn(page, name), close: () => context.close() };
}

function someoneOn(page: Page, name: string): Omit<FirefoxPerson, "close"> {
  const at = (testId: string) => `[data-testid="${testId}"]`;
  const press = (testId: string, within = "") =>
    page
      .locator(`${within} ${at(testId)}`)
      .setTimeout(timeoutMs)
      .click();
  const read = (testId: string) =>
    page.evaluate((selector) => document.querySelector(selector)?.textContent?.trim(), at(testId));
  const expectText = (testId: string, text: string | RegExp) => {
    const polled = expect.poll(() => read(testId), { message: `${testId} of ${name}` });
    return typeof text === "string" ? polled.toBe(text) : polled.toMatch(text);
  };
  return {
    name,
    page,
    press,
    expectText,
    call: (user, kind = "video") => press(`call-${kind}`, at(`person-${user}`)),
    async expectShown(testId) {
      await page.waitForSelector(at(testId), { visible: true, timeout: timeoutMs });
    },
    hears: async () => (await page.evaluate(measureLoudness, audibleLevel)) > audibleLevel,
    expectPhase: (phase) => expectText("call-phase", phase),
    expectEnded: (reason) => expectText("end-reason", reason),
    backToPeople: () => press("back-to-people"),
    async reload() {
      await page.reload();
    },
  };
}

/** Of full scale, on average over the time: the beeps of Chromium's microphone are short. */
const audibleLevel = 0.003;

/**
 * How loud the decoded sound was within 1.5 s, 0 to 1; sooner when it is above `enough`. By the browser's own figures: the
 * AudioContext of a Firefox on a machine without a sound card never starts.
 */
async function measureLoudness(enough: number): Promise<number> {
  const { openPeerConnections } = window as unknown as { openPeerConnections: Set<RTCPeerConnection> };
  const [connection] = openPeerConnections;
  const measure = async () => {
    for (const stats of (await connection?.getStats())?.values() ?? [])
      if (stats.type === "inbound-rtp" && stats.kind === "audio")
        return { energy: stats.totalAudioEnergy ?? 0, lengthS: stats.totalSamplesDuration ?? 0 };
    return { energy: 0, lengthS: 0 };
  };
  const before = await measure();
  const until = performance.now() + 1_500;
  let loudness = 0;
  while (loudness <= enough && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const now = await measure();
    const lengthS = now.lengthS - before.lengthS;
    if (lengthS > 0) loudness = Math.sqrt((now.energy - before.energy) / lengthS);
  }
  return loudness;
}

/** The one Firefox that runs: a process for each set of settings is slow to start, and two of them are large. */
interface Running {
  readonly key: string;
  readonly browser: Browser;
}

interface Fixtures {
  /** Opens someone in a Firefox with these settings beside the usual ones; closed after the test. */
  readonly inFirefox: (name: string, prefs?: Prefs, options?: FirefoxPersonOptions) => Promise<FirefoxPerson>;
}

interface WorkerFixtures {
  /** A Firefox with these settings. It replaces one with other settings. */
  readonly firefoxWith: (prefs: Prefs) => Promise<Browser>;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  firefoxWith: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are needed
    async ({}, use) => {
      let running: Running | undefined;
      await use(async (prefs) => {
        const key = JSON.stringify(prefs);
        if (running?.key !== key) {
          await running?.browser.close();
          running = undefined;
          running = { key, browser: await launchFirefox(prefs) };
        }
        return running.browser;
      });
      await running?.browser.close();
    },
    { scope: "worker" },
  ],
  inFirefox: async ({ firefoxWith }, use, testInfo) => {
    const opened: FirefoxPerson[] = [];
    await use(async (name, prefs = {}, options = {}) => {
      const person = await openInFirefox(await firefoxWith(prefs), name, options);
      opened.push(person);
      return person;
    });
    for (const { name, page, close } of opened) {
      if (testInfo.status !== testInfo.expectedStatus)
        await testInfo.attach(`${name}.png`, {
          body: Buffer.from(await page.screenshot()),
          contentType: "image/png",
        });
      await close();
    }
  },
});

export { expect };
