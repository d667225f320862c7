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
import { App } from "./app.tsx";
import { type OpenPeerline, openPeerline } from "./state/open-peerline.ts";
import { readParams } from "./state/page-params.ts";

const root = document.getElementById("app");
if (root) render(<App open={await chooseOpen()} />, root);

/** In development `?fake=<state>` shows a pictured state without a server. */
async function chooseOpen(): Promise<OpenPeerline> {
  const { fake } = readParams(location.search);
  if (!import.meta.env.DEV || fake === undefined) return openPeerline;
  const { openFake } = await import("./testing/open-fake.ts");
  return openFake(fake);
}
