import type { Clock } from "@peerline/call-machine";
import { fromHex } from "@peerline/call-machine/wire";
import { AlertPolicy } from "@peerline/protocol";
import { createSignalingSession, detachBeacon, type SignalingSession } from "@peerline/signaling-client";
import { browserTransport } from "./browser-transport.ts";
import { developmentSignIn } from "./development-sign-in.ts";
import type { PeerlineOptions } from "./peerline.ts";
import { randomId } from "./random.ts";

const product = "peerline/0.1.0";

/** The signaling session over the given transport, or over `fetch`. */
export function createSignaling(options: PeerlineOptions, clock: Clock): SignalingSession {
  const transport = options.transport ?? browserTransport(options.serverUrl);
  const getToken =
    options.getToken ?? developmentSignIn(transport, options.user, options.displayName ?? options.user);
  return createSignalingSession({
    transport,
    address: options.serverUrl,
    endpointId: fromHex(options.endpointId ?? randomId()),
    getToken,
    client: {
      product,
      alertPolicy: options.autoAccept ? AlertPolicy.AUTO_ANSWER : AlertPolicy.RING,
      ...(options.deviceId ? { deviceId: options.deviceId } : {}),
    },
    clock,
    random: options.random ?? Math.random,
    ...(isPage() ? { detach: (notice) => detachBeacon({ ...notice, baseUrl: options.serverUrl }) } : {}),
    ...(options.onSignal ? { observe: options.onSignal } : {}),
    ...(options.logger ? { logger: options.logger } : {}),
  });
}

/** A page's last words must outlive it; a process waits for its own. */
function isPage(): boolean {
  return "document" in globalThis;
}
