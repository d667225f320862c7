import type { Page } from "@playwright/test";
import { environment, expect } from "./people.ts";

/** A pictured state of the client, and what to press in it. */
export interface Scene {
  readonly fake: string;
  /** Default: the page that the state leads to. */
  readonly path?: string;
  readonly press?: readonly string[];
}

/** Shows a scene, without a server. */
export async function show(page: Page, { fake, path = "/", press = [] }: Scene): Promise<void> {
  const url = new URL(path, environment("PEERLINE_E2E_WEB"));
  url.searchParams.set("as", "Me");
  url.searchParams.set("fake", fake);
  await page.goto(url.href);
  await expect(page.locator("h1, h2").first()).toBeVisible();
  for (const testId of press) await page.getByTestId(testId).click();
}
