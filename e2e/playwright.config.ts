import { defineConfig } from "@playwright/test";
import { findChromium } from "../scripts/chromium.mjs";
import { chromiumArgs } from "./support/chromium-args.ts";

const executablePath = findChromium();

/** Tests that wait for timers and networks most of their time. */
const waiting = /\/(bot|fault-drawer|faults|networks|permissions|reload|rolling-restart)\.spec\.ts$/;

/** Real server, real Chromium, real bot. A missing browser fails the run: nothing is skipped. */
export default defineConfig({
  testDir: "tests",
  globalSetup: "./support/global-setup.ts",
  fullyParallel: false,
  // Two lanes: while the one waits the other one computes. Never two tests beside each other that both fill a processor.
  projects: [
    { name: "waiting", testMatch: waiting, workers: 1 },
    { name: "computing", testIgnore: waiting, workers: 1 },
  ],
  workers: 2,
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
