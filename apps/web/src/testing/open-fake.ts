import type { AppProps } from "../app.tsx";
import { followed, type OpenPeerline } from "../state/open-peerline.ts";
import { createFakePeerline } from "./fake-peerline.ts";
import { gallery } from "./gallery.ts";
import { alone, tabsBehind } from "./open-fake-tabs.ts";

/** Pictures of a tab that has no session, by what its leader does. */
const standbys: Record<string, boolean> = { standby: false, "standby-busy": true };

/** The app's parts for a pictured state. */
export function fakeParts(name: string): AppProps {
  const leaderBusy = standbys[name];
  const tabs = leaderBusy === undefined ? alone(window) : tabsBehind(leaderBusy, window);
  return { open: openFake(name), tabs };
}

/** Opens the pictured state instead of a session. An unknown name lists the known ones. */
function openFake(name: string): OpenPeerline {
  return async () => {
    if (name === "opening") return new Promise(() => {});
    const view = gallery[name];
    if (!view)
      throw new Error(`?fake=${name} is none of: ${Object.keys({ ...gallery, ...standbys }).join(", ")}`);
    return followed(createFakePeerline(view(), async () => 21));
  };
}
