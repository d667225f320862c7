import { defineConfig } from "@playwright/test";

/** Bots, browsers and a relay in networks of their own. Where those cannot be built the run fails: nothing is skipped. */
export default defineConfig({
  testDir: "scenarios",
  globalSetup: "./global-setup.ts",
  fullyParallel: false,
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["json", { outputFile: "../.reports/lab.json" }]],
  outputDir: "../.reports/lab-results",
});
