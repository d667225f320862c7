import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findChromium } from "../chromium.mjs";
import { root, toolEnv, toolFolder } from "./repo.mjs";
import { run } from "./run.mjs";
import { countPlaywright, oneFailed, sum } from "./summary.mjs";

/** The end-to-end tests in real browsers. */
export const e2eStep = playwrightStep("end-to-end tests", "playwright.json", []);

/** The end-to-end tests in networks of their own. Where those cannot be built this fails, and says why. */
export const labStep = playwrightStep("NAT lab", "lab.json", ["-c", "lab"]);

function playwrightStep(name, reportName, options) {
  const report = join(root, "e2e", ".reports", reportName);
  return {
    name,
    run: async () => {
      const chromium = findChromium();
      if (chromium === undefined) {
        return oneFailed("no Chromium was found. Fix: npm run setup -- --browser");
      }
      rmSync(report, { force: true });
      const { code, output } = await run(
        join(toolFolder, "playwright"),
        ["test", ...options, "--reporter=list,json"],
        {
          cwd: join(root, "e2e"),
          env: toolEnv({ PEERLINE_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report }),
          echo: true,
        },
      );
      return tallyOf(report, code, output);
    },
  };
}

function tallyOf(report, code, output) {
  if (!existsSync(report)) {
    return { ...oneFailed(`Playwright ended without a report, exit code ${code}`), output };
  }
  const tally = countPlaywright(JSON.parse(readFileSync(report, "utf8")));
  return tally.failed === 0 && code !== 0
    ? { ...sum([tally, oneFailed()]), why: `Playwright ended with exit code ${code}` }
    : tally;
}
