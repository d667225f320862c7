import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "@playwright/test";
import { findChromium } from "../../scripts/chromium.mjs";
import { chromiumArgs } from "./chromium-args.ts";
import type { LabStack } from "./lab-stack.ts";
import { openPerson, type Person } from "./people.ts";

/** A person on a host of the lab: Chromium and the web client's files are there with them. */
export interface LabPerson {
  readonly person: Person;
  /** A process on the host. */
  readonly pid: number;
}

const webPort = 5173;

/**
 * Opens the web client on `host`, from the folder that the global setup built. The page comes from the host's own
 * loopback address: browsers give cameras to secure pages only. Ends with the stack.
 */
export async function openLabPerson(stack: LabStack, host: string, name: string): Promise<LabPerson> {
  const folder = process.env.PEERLINE_LAB_WEB;
  if (!folder) throw new Error("PEERLINE_LAB_WEB is not set: the global setup did not run");
  const web = stack.start(host, "node_modules/vite/bin/vite.js", [
    ...["preview", "apps/web", "--outDir", folder],
    ...["--host", "127.0.0.1", "--port", String(webPort), "--strictPort"],
  ]);
  const launched = launchOn(stack.lab.enter(host)).then(({ browser, close }) => {
    stack.defer(close);
    return browser;
  });
  const [browser] = await Promise.all([launched, web.line(/Local/)]);
  process.env.PEERLINE_E2E_WEB = `http://127.0.0.1:${webPort}/`;
  const person = await openPerson(browser, name, { server: stack.serverUrl });
  return { person, pid: web.pid };
}

/** Playwright talks to its browser over pipes, which lead out of the host. */
async function launchOn(enter: readonly string[]): Promise<{ browser: Browser; close(): Promise<void> }> {
  const executable = findChromium();
  if (!executable) throw new Error("no Chromium: run `npm run setup -- --browser`");
  const folder = await mkdtemp(join(tmpdir(), "peerline-chromium-"));
  const wrapper = join(folder, "chromium");
  await writeFile(wrapper, `#!/bin/sh\nexec ${enter.join(" ")} ${executable} "$@"\n`);
  await chmod(wrapper, 0o755);
  const browser = await chromium.launch({ executablePath: wrapper, args: [...chromiumArgs] });
  return {
    browser,
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
