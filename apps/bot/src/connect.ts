import { createConnectTransport } from "@connectrpc/connect-node";
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
  return createPeerline({
    serverUrl,
    user,
    media,
    logger,
    transport: createConnectTransport({
      baseUrl: serverUrl,
      httpVersion: "2",
      useBinaryFormat: true,
      pingIntervalMs: 15_000,
      pingTimeoutMs: 5_000,
    }),
    rtc: { ...nodeRtc, ...(rest.relayOnly ? { iceTransportPolicy: "relay" as const } : {}) },
    ...(rest.autoAccept ? { autoAccept: rest.autoAccept } : {}),
    ...(rest.capacity ? { capacity: rest.capacity } : {}),
  });
}
