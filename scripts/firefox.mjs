import { existsSync } from "node:fs";

const systemPaths = [
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/**
 * The Firefox that the end-to-end tests use: `PEERLINE_FIREFOX` when it is set (and undefined when nothing is there, so
 * that a wrong path is noticed), else the system's, Debian's ESR first. Undefined when there is none:
 * `node scripts/setup.mjs --browser` installs one.
 */
export function findFirefox(env = process.env, exists = existsSync) {
  const candidates = env.PEERLINE_FIREFOX ? [env.PEERLINE_FIREFOX] : systemPaths;
  return candidates.find((path) => exists(path));
}
