import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { AxeResults, RunOptions } from "axe-core";
import { environment, expect, test } from "../support/people.ts";
import { type Scene, show } from "../support/scenes.ts";

const callPath = "/call/0123456789abcdef0123456789abcdef";

const scenes: readonly Scene[] = [
  ..."opening people empty connecting no-server stopped missed recent standby standby-busy".split(" "),
  ..."incoming incoming-audio incoming-long dialing ringing connecting2".split(" "),
  ..."wrong-server paused sound-paused".split(" "),
  ..."live portrait muted opening-devices waiting-devices refused peer-off held holding audio".split(" "),
  ..."reconnecting peer-lost server-lost ended failed".split(" "),
]
  .map((fake): Scene => ({ fake }))
  .concat([
    { fake: "live", press: ["toggle-chat"] },
    { fake: "long-chat", press: ["toggle-chat"] },
    { fake: "no-chat-yet", press: ["toggle-chat"] },
    { fake: "live", press: ["path"] },
    ..."ended failed declined elsewhere incompatible missed-call"
      .split(" ")
      .map((fake): Scene => ({ fake, path: callPath })),
    { fake: "people", path: "/nowhere" },
    { fake: "no such picture" },
  ]);

const narrow = 320;
const widths = [narrow, 1_280] as const;

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const resultTypes: RunOptions["resultTypes"] = ["violations"];

/** All rules, with those that axe leaves to the asker. */
const all: RunOptions = {
  resultTypes,
  rules: { "label-content-name-mismatch": { enabled: true }, "target-size": { enabled: true } },
};

/** What depends on the colours alone. */
const colours: RunOptions = { resultTypes, runOnly: ["color-contrast"] };

/** axe reads the page's own colours where the browser has put those of the person in their place. */
const withoutColours: RunOptions = {
  resultTypes,
  rules: { ...all.rules, "color-contrast": { enabled: false } },
};

const looks = [
  { name: "light", media: { colorScheme: "light", forcedColors: "none" }, rules: all },
  { name: "dark", media: { colorScheme: "dark", forcedColors: "none" }, rules: colours },
  { name: "forced colours", media: { colorScheme: "light", forcedColors: "active" }, rules: withoutColours },
] as const;

/** What axe finds in a page as it is, one line for each rule and element. */
function complaints(page: Page, options: RunOptions): Promise<readonly string[]> {
  return page.evaluate(async (options) => {
    const { axe } = window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
    const { violations } = await axe.run(options);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, any }) => `${id}: ${target.join(" ")} ${any[0]?.message ?? ""}`),
    );
  }, options);
}

/** In every look of this page. */
async function inEveryLook(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    for (const { name, media, rules } of width === narrow ? looks : looks.slice(0, 2)) {
      await page.emulateMedia({ ...media, reducedMotion: "reduce" });
      const seen = await complaints(page, rules);
      found.push(...seen.map((complaint) => `${width} px, ${name}: ${complaint}`));
    }
  }
  return found;
}

test.beforeEach(({ page }) => page.addInitScript(source));

test("axe finds nothing in any state: light, dark and forced colours, 320 and 1280 px wide", async ({
  page,
}) => {
  test.slow();
  const found: Record<string, readonly string[]> = {};
  for (const scene of scenes) {
    await show(page, scene);
    const complaints = await inEveryLook(page);
    if (complaints.length > 0) found[JSON.stringify(scene)] = complaints;
  }
  expect(found).toEqual({});
});

test("axe finds nothing on the page where people sign in", async ({ page }) => {
  await page.goto(environment("PEERLINE_E2E_WEB"));
  await page.getByTestId("continue").click();
  expect(await inEveryLook(page)).toEqual([]);
});

test("in forced colours everything that lies over something has an edge, and who is there is told by a shape", async ({
  page,
}) => {
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  for (const [fake, selector] of [
    ["incoming", ".incoming"],
    ["missed", ".note"],
    ["no-server", ".strip"],
    ["reconnecting", ".banner"],
    ["refused", ".stage-notice"],
    ["peer-off", ".badge"],
    ["live", ".local-tile"],
    ["live", ".bar-round"],
  ] as const) {
    await show(page, { fake });
    await expect(page.locator(selector).first(), selector).toHaveCSS("border-top-style", "solid");
  }
  await show(page, { fake: "live", press: ["toggle-chat"] });
  for (const selector of [".chat", ".chat-text"]) {
    await expect(page.locator(selector).first()).toHaveCSS("border-top-style", "solid");
  }
  await show(page, { fake: "people" });
  const dots = await page.locator(".status-dot").evaluateAll((elements) =>
    elements.map((element) => {
      const { borderTopWidth, borderTopLeftRadius, width } = getComputedStyle(element);
      const isFilled = 2 * Number.parseFloat(borderTopWidth) >= Number.parseFloat(width);
      return `${element.className.split("-").at(-1)}: ${isFilled ? "filled" : "ring"}, ${borderTopLeftRadius}`;
    }),
  );
  expect(new Set(dots)).toEqual(
    new Set(["online: filled, 999px", "busy: filled, 2px", "offline: ring, 999px"]),
  );
});
