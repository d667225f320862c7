import { render } from "preact";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/controls.css";
import "./screens/screens.css";
import "./people/people.css";
import "./call/stage.css";
import "./call/call-bar.css";
import "./call/panels.css";
import "./call/incoming-call.css";
import { App, type AppProps } from "./app.tsx";
import { openPeerline } from "./state/open-peerline.ts";
import { readParams } from "./state/page-params.ts";
import { browserTabs } from "./tabs/browser-tabs.ts";

const root = document.getElementById("app");
if (root) render(<App {...(await chooseParts())} />, root);

/**
 * In development `?fake=<state>` shows a pictured state without a server, and every session has fault switches. In the build
 * of the end-to-end tests `?faults` asks for them. Neither is in any other build.
 */
async function chooseParts(): Promise<AppProps> {
  const { fake, faults } = readParams(location.search);
  if (import.meta.env.DEV && fake !== undefined) {
    const { fakeParts } = await import("./testing/open-fake.ts");
    return fakeParts(fake);
  }
  const tabs = browserTabs();
  if (import.meta.env.DEV || (import.meta.env.MODE === "e2e" && faults)) {
    const { openFaulty } = await import("./faults/open-faulty.tsx");
    return { open: openFaulty, tabs };
  }
  return { open: openPeerline, tabs };
}
