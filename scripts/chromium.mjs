import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { root } from "./lib/repo.mjs";

const systemPaths = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const playwrightFolders = [
  {
    browser: "chromium_headless_shell",
    paths: ["linux64", "linux-arm64", "mac-arm64", "mac-x64"].map(
      (platform) => `chrome-headless-shell-${platform}/chrome-headless-shell`,
    ),
  },
  {
    browser: "chromium",
    paths: [
      "chrome-linux64/chrome",
      "chrome-linux/chrome",
      "chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
      "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
    ],
  },
];

/**
 * The Chromium that the end-to-end tests use: `PEERLINE_CHROMIUM` when it is set (and undefined when nothing is
 * there, so that a wrong path is noticed), else the one Playwright downloaded, else the system's. The headless shell
 * goes before the whole browser, which loads the pages of its own windows and panels beside each page of a test, and
 * takes nearly twice the time for it. Undefined when there is none: `node scripts/setup.mjs --browser` installs one.
 */
export function findChromium(env = process.env) {
  const named = env.PEERLINE_CHROMIUM;
  const candidates = named ? [named] : [...playwrightBrowsers(env), ...systemPaths];
  return candidates.find((path) => existsSync(path));
}

function playwrightBrowsers(env) {
  const revision = playwrightRevision();
  if (revision === undefined) {
    return [];
  }
  const folder = env.PLAYWRIGHT_BROWSERS_PATH || join(homedir(), playwrightCache());
  return playwrightFolders.flatMap(({ browser, paths }) =>
    paths.map((path) => join(folder, `${browser}-${revision}`, path)),
  );
}

function playwrightCache() {
  return process.platform === "darwin" ? "Library/Caches/ms-playwright" : ".cache/ms-playwright";
}

function playwrightRevision() {
  const list = join(root, "node_modules", "playwright-core", "browsers.json");
  if (!existsSync(list)) {
    return undefined;
  }
  const { browsers } = JSON.parse(readFileSync(list, "utf8"));
  return browsers.find((browser) => browser.name === "chromium")?.revision;
}
