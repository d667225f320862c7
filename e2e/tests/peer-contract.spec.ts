import { fileURLToPath } from "node:url";
import { peerContract } from "@peerline/peer-connection/testing";
import { createServer, type ViteDevServer } from "vite";
import { expect, test } from "../support/firefox-people.ts";
import type { Scripted } from "../support/someone.ts";

/** A page that the whole contract runs in. */
interface ContractPage extends Scripted {
  goto(url: string): Promise<unknown>;
  waitForFunction(isReady: () => boolean): Promise<unknown>;
  close(): Promise<void>;
}

let vite: ViteDevServer;

test.beforeAll(async () => {
  const root = fileURLToPath(new URL("../pages/", import.meta.url));
  vite = await createServer({ root, logLevel: "error", server: { port: 0, host: "localhost", hmr: false } });
  await vite.listen();
});

test.afterAll(() => vite.close());

test.describe("the peer port's contract in Chromium", () => {
  let page: ContractPage;
  test.beforeAll(async ({ browser }) => {
    page = await opened(await browser.newPage());
  });
  test.afterAll(() => page.close());
  for (const { name } of peerContract) test(name, () => expectKept(page, name));
});

test.describe("the peer port's contract in Firefox", () => {
  let page: ContractPage;
  test.beforeAll(async ({ firefoxWith }) => {
    page = await opened(await (await firefoxWith({})).newPage());
  });
  test.afterAll(() => page.close());
  for (const { name } of peerContract) test(name, () => expectKept(page, name));
});

async function opened(page: ContractPage): Promise<ContractPage> {
  await page.goto(new URL("contract.html", vite.resolvedUrls?.local[0]).href);
  await page.waitForFunction(() => "runCase" in window);
  return page;
}

async function expectKept(page: ContractPage, name: string): Promise<void> {
  const failure = await page.evaluate(
    (one: string) =>
      (window as unknown as { runCase(name: string): Promise<string | undefined> }).runCase(one),
    name,
  );
  expect(failure ?? undefined).toBeUndefined();
}
