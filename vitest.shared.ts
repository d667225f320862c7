import { defineConfig } from "vitest/config";

/** Every workspace's vitest configuration: what is printed, and the report the summary is made from. */
export const shared = defineConfig({
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
    reporters: ["default", ["json", { outputFile: ".reports/vitest.json" }]],
    // Nothing here leaves a global behind, so that one worker can run many files.
    isolate: false,
    testTimeout: 20_000,
  },
});
