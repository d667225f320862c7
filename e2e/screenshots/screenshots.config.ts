import base from "../playwright.config.ts";

/** `npm run screenshots -w e2e`: the pictures in docs/images, made from the real thing. */
export default {
  ...base,
  testDir: ".",
  globalSetup: "../support/global-setup.ts",
  reporter: [["list"]],
  outputDir: "../.reports/screenshots",
};
