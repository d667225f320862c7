import { networkInterfaces } from "node:os";
import { createConnectTransport, Http2SessionManager } from "@connectrpc/connect-node";
import type { Logger, MediaKind } from "@peerline/call-machine";
import {
  createPeerline,
  type MediaSource,
  type Peerline,
  type PeerlineOptions,
  systemClock,
} from "@peerline/client";
import { watchNetwork } from "./network-watch.ts";
import { holdThreads, nodeRtc } from "./rtc.ts";

export interface ConnectOptions {
  readonly serverUrl: string;
  readonly user: string;
  readonly media: MediaSource;
  readonly logger: Logger;
  readonly autoAccept?: MediaKind;
  readonly capacity?: number;
  readonly relayOnly?: boolean;
  /** The last word on the options, for example to put fault switches in. */
  readonly prepare?: (options: PeerlineOptions) => PeerlineOptions;
}

/** A Peerline for Node: libwebrtc, HTTP/2, no devices. */
export function connect({ serverUrl, user, media, logger, ...rest }: ConnectOptions): Peerline {
  const sessionManager = new Http2SessionManager(serverUrl);
  const options: PeerlineOptions = {
    serverUrl,
    user,
    media,
    logger,
    transport: createConnectTransport({
      baseUrl: serverUrl,
      httpVersion: "2",
      useBinaryFormat: true,
      sessionManager,
    }),
    rtc: { ...nodeRtc, ...(rest.relayOnly ? { iceTransportPolicy: "relay" as const } : {}) },
    ...(rest.autoAccept ? { autoAccept: rest.autoAccept } : {}),
    ...(rest.capacity ? { capacity: rest.capacity } : {}),
  };
  const peerline = createPeerline(rest.prepare?.(options) ?? options);
  dropDeadPaths(peerline, sessionManager);
  return holdThreads(followNetwork(peerline, sessionManager));
}

/**
 * Streams that are opened again would share the old HTTP/2 connection, dead or not. One that still counts as open is given up
 * when the signaling stream breaks, or the media path does: both usually run over the same network.
 */
function dropDeadPaths(peerline: Peerline, sessionManager: Http2SessionManager): void {
  let wasWell = true;
  peerline.subscribe(({ link, call }) => {
    const isWell = link !== "interrupted" && call?.phase !== "reconnecting";
    if (wasWell && !isWell && sessionManager.state() === "open") sessionManager.abort();
    wasWell = isWell;
  });
}

/** A change of networks is told to the calls at once, until `close`. */
function followNetwork(peerline: Peerline, sessionManager: Http2SessionManager): Peerline {
  const stop = watchNetwork({
    read: networkInterfaces,
    clock: systemClock(),
    onChange() {
      sessionManager.abort();
      peerline.networkChanged();
    },
  });
  return {
    ...peerline,
    close(intent) {
      stop();
      peerline.close(intent);
    },
  };
}
