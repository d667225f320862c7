import type { Peerline, PeerlineOptions } from "@peerline/client";
import { type WithFaults, withFaults } from "@peerline/client/faults";
import { signal } from "@preact/signals";
import { render } from "preact";
import "./fault-drawer.css";
import { type OpenPeerline, openPrepared } from "../state/open-peerline.ts";
import { peerlineSignal } from "../state/peerline-signal.ts";
import { FaultDrawer } from "./fault-drawer.tsx";

/** Open or not, whichever session the drawer is of. */
const isOpen = signal(false);

/** The Peerline of this tab behind switches, and a drawer over the page that works them, until `close`. */
export const openFaulty: OpenPeerline = async (request) => {
  const made: WithFaults[] = [];
  const peerline = await openPrepared(request, (options: PeerlineOptions) => {
    const faulty = withFaults(options);
    made.push(faulty);
    return faulty.options;
  });
  const exits = made.flatMap((faulty) => [faulty.follow(peerline), showDrawer(peerline, faulty)]);
  return {
    ...peerline,
    close(intent) {
      for (const exit of exits) exit();
      peerline.close(intent);
    },
  };
};

function showDrawer(peerline: Peerline, { switches }: WithFaults): () => void {
  const { view, dispose } = peerlineSignal(peerline);
  const faults = signal(switches.state());
  const stop = switches.subscribe((state) => {
    faults.value = state;
  });
  const host = document.body.appendChild(document.createElement("div"));
  render(
    <FaultDrawer isOpen={isOpen} view={view} faults={faults} switches={switches} peerline={peerline} />,
    host,
  );
  return () => {
    dispose();
    stop();
    render(null, host);
    host.remove();
  };
}
