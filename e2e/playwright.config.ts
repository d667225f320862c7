import { defineConfig } from "@playwright/test";
import { findChromium } from "../scripts/chromium.mjs";
import { chromiumArgs } from "./support/chromium-args.ts";

const executablePath = findChromium();

/** Real server, real Chromium, real bot. A missing browser fails the run: nothing is skipped. */
export default defineConfig({
  testDir: "tests",
  globalSetup: "./support/global-setup.ts",
  fullyParallel: false,
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: ".reports/playwright.json" }]],
  outputDir: ".reports/results",
  use: {
    viewport: { width: 1280, height: 800 },
    permissions: ["camera", "microphone"],
    // Recording every step takes a third of the time of a run.
    trace: process.env.PEERLINE_E2E_TRACE ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [...chromiumArgs],
    },
  },
});
