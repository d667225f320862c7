import { defineConfig } from "@playwright/test";

/** Bots, browsers and a relay in networks of their own. Where those cannot be built the run fails: nothing is skipped. */
export default defineConfig({
  testDir: "scenarios",
  globalSetup: "./global-setup.ts",
  // Each scenario waits for timers of real networks most of its time, in namespaces of its own process.
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["json", { outputFile: "../.reports/lab.json" }]],
  outputDir: "../.reports/lab-results",
});
