import { fileURLToPath } from "node:url";
import { peerContract } from "@peerline/peer-connection/testing";
import { expect, type Page, test } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";

let vite: ViteDevServer;
let page: Page;

test.beforeAll(async ({ browser }) => {
  const root = fileURLToPath(new URL("../pages/", import.meta.url));
  vite = await createServer({ root, logLevel: "error", server: { port: 0, host: "localhost", hmr: false } });
  await vite.listen();
  page = await browser.newPage();
  await page.goto(new URL("contract.html", vite.resolvedUrls?.local[0]).href);
  await page.waitForFunction(() => "runCase" in window);
});

test.afterAll(async () => {
  await page.close();
  await vite.close();
});

test.describe("the peer port's contract in Chromium", () => {
  for (const { name } of peerContract) {
    test(name, async () => {
      const failure = await page.evaluate(
        (one) => (window as unknown as { runCase(name: string): Promise<string | undefined> }).runCase(one),
        name,
      );
      expect(failure).toBeUndefined();
    });
  }
});
