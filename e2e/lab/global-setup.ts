import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { cleanLabs, requireLab } from "./run.ts";

const webRoot = fileURLToPath(new URL("../../apps/web/", import.meta.url));

/**
 * Fails the whole run where a lab cannot be built. Removes what a crashed run left behind. Builds the web client, for the
 * browsers of the lab.
 */
// biome-ignore lint/style/noDefaultExport: Playwright reads the default export
export default async function setup(): Promise<() => Promise<void>> {
  cleanLabs();
  requireLab();
  const folder = await mkdtemp(join(tmpdir(), "peerline-web-"));
  await build({ root: webRoot, logLevel: "warn", mode: "e2e", build: { outDir: folder, emptyOutDir: true } });
  process.env.PEERLINE_LAB_WEB = folder;
  return () => rm(folder, { recursive: true, force: true });
}
