import { type Browser, chromium } from "@playwright/test";
import { findChromium } from "../../scripts/chromium.mjs";
import { chromiumArgs } from "../support/chromium-args.ts";
import prepareStack from "../support/global-setup.ts";
import { interpreterOnly, measureTab } from "../support/memory.ts";
import { callEchoAgainAndAgain, openPerson } from "../support/people.ts";
import type { Figure } from "./figure.ts";

const warmUp = 10;

/** PROTOCOL 4.2, R14. `runs`: calls. */
export const tabMemory: Figure = {
  name: "tab-memory",
  what: `Calls in a row to the echo bot in one tab: what is left after the last, against after the first ${warmUp}. Without V8's compilers, whose code grows for longer.`,
  runs: 100,
  async measure(runs) {
    await using cleanup = new AsyncDisposableStack();
    cleanup.defer(await prepareStack());
    const browser = await launch();
    cleanup.defer(() => browser.close());
    const person = await openPerson(browser, "tab");
    await callEchoAgainAndAgain(person, warmUp);
    const before = await measureTab(person.page);
    await callEchoAgainAndAgain(person, runs - warmUp);
    const after = await measureTab(person.page);
    return {
      calls: runs,
      heapBeforeKiB: Math.round(before.heapBytes / 1024),
      heapAfterKiB: Math.round(after.heapBytes / 1024),
      heapGrowthPercent: Math.round((after.heapBytes / before.heapBytes - 1) * 1000) / 10,
      openConnections: after.openConnections,
    };
  },
};

function launch(): Promise<Browser> {
  const executablePath = findChromium();
  const args = [...chromiumArgs, `--js-flags=${interpreterOnly.join(" ")}`];
  return chromium.launch({ ...(executablePath ? { executablePath } : {}), args });
}
