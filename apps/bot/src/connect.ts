import { createConnectTransport, Http2SessionManager } from "@connectrpc/connect-node";
import type { Logger, MediaKind } from "@peerline/call-machine";
import { createPeerline, type MediaSource, type Peerline } from "@peerline/client";
import { nodeRtc } from "./rtc.ts";

export interface ConnectOptions {
  readonly serverUrl: string;
  readonly user: string;
  readonly media: MediaSource;
  readonly logger: Logger;
  readonly autoAccept?: MediaKind;
  readonly capacity?: number;
  readonly relayOnly?: boolean;
}

/** A Peerline for Node: libwebrtc, HTTP/2, no devices. */
export function connect({ serverUrl, user, media, logger, ...rest }: ConnectOptions): Peerline {
  const sessionManager = new Http2SessionManager(serverUrl);
  const peerline = createPeerline({
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
  });
  dropDeadPaths(peerline, sessionManager);
  return peerline;
}

/**
 * Streams that are opened again would share the old HTTP/2 connection, dead or not. It is given up as soon as the
 * signaling stream breaks, or the media path does: both usually run over the same network.
 */
function dropDeadPaths(peerline: Peerline, sessionManager: Http2SessionManager): void {
  let wasWell = true;
  peerline.subscribe(({ link, details }) => {
    const isWell = link !== "interrupted" && details?.states?.connection !== "disconnected";
    if (wasWell && !isWell) sessionManager.abort();
    wasWell = isWell;
  });
}
