import { type Browser, launch } from "puppeteer-core";
import { findFirefox } from "../../scripts/firefox.mjs";

/** Settings of about:config. */
export type Prefs = Readonly<Record<string, boolean | number | string>>;

/** Devices that need no person: a tone, and a picture that changes; small, since encoding is most of what a call costs. */
const fakeDevices: Prefs = {
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
  "media.navigator.video.default_fps": 10,
  // Names that are resolved by multicast: the test that is about them turns them on.
  "media.peerconnection.ice.obfuscate_host_addresses": false,
};

/** A Firefox without windows, driven over WebDriver BiDi. Rejects without one: nothing is skipped. */
export async function launchFirefox(prefs: Prefs): Promise<Browser> {
  const executablePath = findFirefox();
  if (!executablePath) throw new Error("no Firefox: run `npm run setup -- --browser`");
  return launch({
    browser: "firefox",
    executablePath,
    headless: true,
    extraPrefsFirefox: { ...fakeDevices, ...prefs },
  });
}
