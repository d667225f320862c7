import { setTimeout as delay } from "node:timers/promises";
import { type Browser, test as base, expect, type Page } from "@playwright/test";
import { countOpenConnections, hearsSomething, installProbes, readInbound } from "./probes.ts";
import type { Someone } from "./someone.ts";

/** A person with the web client open in a Chromium profile of their own. */
export interface Person extends Someone {
  readonly page: Page;
  row(user: string): ReturnType<Page["getByTestId"]>;
}

export interface PersonOptions {
  readonly server?: string;
  readonly path?: string;
  /** Default: microphone, camera and clipboard. */
  readonly permissions?: readonly string[];
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Default: false. */
  readonly relayOnly?: boolean;
}

let serial = 0;

/** A name that no other test uses: tests share one server. */
export function fresh(name: string): string {
  serial += 1;
  return `${name}-${process.pid}-${serial}`;
}

/** What the global setup started for the lane that this test runs in. */
export function environment(name: "PEERLINE_E2E_SERVER" | "PEERLINE_E2E_WEB"): string {
  const lanes = process.env[name]?.split(" ") ?? [];
  const value = lanes[Number(process.env.TEST_PARALLEL_INDEX)] ?? lanes[0];
  if (!value) throw new Error(`${name} is not set: the global setup did not run`);
  return value;
}

/** Opens the client as `name` and waits until it is connected. */
export async function openPerson(
  browser: Browser,
  name: string,
  options: PersonOptions = {},
): Promise<Person> {
  const context = await browser.newContext({
    permissions: [...(options.permissions ?? ["camera", "microphone", "clipboard-read", "clipboard-write"])],
    ...(options.viewport ? { viewport: options.viewport } : {}),
  });
  await context.addInitScript(installProbes, { relayOnly: options.relayOnly ?? false });
  const page = await context.newPage();
  await page.goto(addressFor(name, options));
  return personOn(page, name);
}

/** Where the web client is opened as `name`. */
export function addressFor(name: string, { path, server }: Pick<PersonOptions, "path" | "server">): string {
  const url = new URL(path ?? "/", environment("PEERLINE_E2E_WEB"));
  url.searchParams.set("as", name);
  url.searchParams.set("server", server ?? environment("PEERLINE_E2E_SERVER"));
  return url.href;
}

/** The person whose client `page` shows, in a tab that a test opened itself. */
export function personOn(page: Page, name: string): Person {
  const row = (user: string) => page.getByTestId(`person-${user}`);
  const expectText = (testId: string, text: string | RegExp) =>
    expect(page.getByTestId(testId)).toHaveText(text);
  return {
    name,
    page,
    row,
    async call(user, kind = "video") {
      await row(user).getByTestId(`call-${kind}`).click();
    },
    press: (testId) => page.getByTestId(testId).click(),
    expectShown: (testId) => expect(page.getByTestId(testId)).toBeVisible(),
    expectText,
    expectPhase: (phase) => expectText("call-phase", phase),
    expectEnded: (reason) => expectText("end-reason", reason),
    hears: () => hearsSomething(page),
    backToPeople: () => page.getByTestId("back-to-people").click(),
    async reload() {
      await page.reload();
    },
    close: () => page.context().close(),
  };
}

/** Each sees moving pictures: decoded frames grow. */
export async function expectVideo(...people: readonly Someone[]): Promise<void> {
  await Promise.all(
    people.map(async ({ page, name }) => {
      const before = (await readInbound(page)).framesDecoded;
      await expect
        .poll(async () => (await readInbound(page)).framesDecoded, { message: `${name} decodes frames` })
        .toBeGreaterThan(before + 5);
    }),
  );
}

/** Each hears something. */
export async function expectSound(...people: readonly Someone[]): Promise<void> {
  await Promise.all(
    people.map((one) =>
      expect.poll(() => one.hears(), { message: `${one.name} hears something` }).toBe(true),
    ),
  );
}

/** Calls in a row, each until both are in it, and nothing of the last one left open. */
export async function callEchoAgainAndAgain(person: Person, calls: number): Promise<void> {
  for (let call = 0; call < calls; call++) {
    await person.call("echo", "audio");
    await expect(person.page.getByTestId("call-timer")).toBeVisible();
    await person.press("hang-up");
    await person.expectEnded(/ended the call/);
    await person.backToPeople();
  }
  await expect.poll(() => countOpenConnections(person.page)).toBe(0);
}

/** Of a browser that is asked for its statistics. */
const answerMs = 3_000;

/** Sound that arrives every 20 ms. */
const packetsPerSecond = 50;

/**
 * Sound has come for this long from now: its packets were counted, and none of them waits for a clock. `spareS`: how much
 * longer it may take.
 */
export async function expectPackets({ page, name }: Someone, seconds: number, spareS = 15): Promise<void> {
  let last: number | undefined;
  let arrived = 0;
  const count = async () => {
    // Firefox does not always answer for a connection that is just replaced.
    const read = await Promise.race([readInbound(page), delay(answerMs, undefined)]);
    if (read === undefined) return arrived;
    const now = read.audioPackets;
    // A connection that takes the place of another one begins at 0.
    if (last !== undefined) arrived += now < last ? now : now - last;
    last = now;
    return arrived;
  };
  await expect
    .poll(count, {
      message: `${name} gets sound for ${seconds} s`,
      timeout: (seconds + spareS) * 1_000,
    })
    .toBeGreaterThan(seconds * packetsPerSecond);
}

interface Fixtures {
  /** Opens people who are closed after the test. */
  readonly person: (name: string, options?: PersonOptions) => Promise<Person>;
  /** Two people who see each other online. */
  readonly pair: readonly [Person, Person];
}

export const test = base.extend<Fixtures>({
  person: async ({ browser }, use) => {
    const opened: Person[] = [];
    await use(async (name, options) => {
      const person = await openPerson(browser, name, options);
      opened.push(person);
      return person;
    });
    for (const person of opened) await person.close();
  },
  pair: async ({ person }, use) => {
    const alice = await person(fresh("alice"));
    const bob = await person(fresh("bob"));
    await expect(alice.row(bob.name)).toBeVisible();
    await use([alice, bob]);
  },
});

/** Takes a call to the point where both are in it. */
export async function connect(
  [caller, callee]: readonly [Someone, Someone],
  kind: "video" | "audio" = "video",
  answer: "video" | "audio" = kind,
): Promise<void> {
  await caller.call(callee.name, kind);
  await callee.press(`answer-${answer}`);
  for (const person of [caller, callee]) await person.expectShown("call-timer");
}

export { expect };
