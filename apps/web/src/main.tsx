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
 * In development `?fake=<state>` shows a pictured state without a server, every session has fault switches, and `/lab` walks through a
 * call. The build of the end-to-end tests has them as well, the switches only with `?faults`. Any other build has none of them.
 */
async function chooseParts(): Promise<AppProps> {
  const { fake, faults } = readParams(location.search);
  const isForTests = import.meta.env.DEV || import.meta.env.MODE === "e2e";
  if (isForTests && fake !== undefined) {
    const { fakeParts } = await import("./testing/open-fake.ts");
    return fakeParts(fake);
  }
  const parts = { open: openPeerline, tabs: browserTabs() };
  if (!isForTests) return parts;
  const { LabScreen } = await import("./lab/lab-screen.tsx");
  const pages = { "/lab": LabScreen };
  if (!import.meta.env.DEV && !faults) return { ...parts, pages };
  const { openFaulty } = await import("./faults/open-faulty.tsx");
  return { ...parts, pages, open: openFaulty };
}
