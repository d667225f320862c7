import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import { findChromium } from "../../scripts/chromium.mjs";
import { freePort, startEcho, startServer } from "./stack.ts";

const webRoot = fileURLToPath(new URL("../../apps/web/", import.meta.url));

/** As many as tests run beside each other. */
const lanes = 2;

/** One built web client for the whole run, and for each lane a server with an echo bot: nobody meets people of the test beside theirs. */
// biome-ignore lint/style/noDefaultExport: Playwright reads the default export
export default async function setup(): Promise<() => Promise<void>> {
  if (!findChromium()) throw new Error("no Chromium: run `npm run setup -- --browser`");
  const servers = await Promise.all(Array.from({ length: lanes }, () => startServer()));
  const echoes = await Promise.all(servers.map(({ url }) => startEcho(url)));
  await build({ root: webRoot, logLevel: "warn", mode: "e2e" });
  const web = await preview({
    root: webRoot,
    preview: { port: await freePort(), strictPort: true, host: "localhost" },
  });
  process.env.PEERLINE_E2E_SERVER = servers.map(({ url }) => url).join(" ");
  process.env.PEERLINE_E2E_WEB = web.resolvedUrls?.local[0] ?? "";
  return async () => {
    await web.close();
    for (const echo of echoes) await echo.stop();
    for (const { program } of servers) await program.stop();
  };
}
