import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import { findChromium } from "../../scripts/chromium.mjs";
import { freePort, startEcho, startServer } from "./stack.ts";

const webRoot = fileURLToPath(new URL("../../apps/web/", import.meta.url));

/** One server, one built web client and one echo bot for the whole run. */
// biome-ignore lint/style/noDefaultExport: Playwright reads the default export
export default async function setup(): Promise<() => Promise<void>> {
  if (!findChromium()) throw new Error("no Chromium: run `npm run setup -- --browser`");
  const server = await startServer();
  const echo = await startEcho(server.url);
  await build({ root: webRoot, logLevel: "warn", mode: "e2e" });
  const web = await preview({
    root: webRoot,
    preview: { port: await freePort(), strictPort: true, host: "localhost" },
  });
  process.env.PEERLINE_E2E_SERVER = server.url;
  process.env.PEERLINE_E2E_WEB = web.resolvedUrls?.local[0] ?? "";
  return async () => {
    await web.close();
    await echo.stop();
    await server.program.stop();
  };
}
