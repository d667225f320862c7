import type { Logger } from "@peerline/call-machine";
import type { ConnectionLike } from "./connection-like.ts";
import { PeerError } from "./peer-error.ts";
import type { SerialQueue } from "./serial-queue.ts";

/** What of the platform goes into an `RTCConfiguration`. */
export interface ConfigurationOptions {
  readonly iceTransportPolicy?: RTCIceTransportPolicy | undefined;
  readonly iceCandidatePoolSize?: number | undefined;
  readonly certificates?: readonly RTCCertificate[] | undefined;
  readonly freshIceServers?: (() => Promise<readonly RTCIceServer[] | undefined> | undefined) | undefined;
}

/** How a connection is configured with these servers. One transport for everything: DESIGN 5. */
export function configurationOf(
  { iceTransportPolicy, iceCandidatePoolSize, certificates }: ConfigurationOptions,
  iceServers: readonly RTCIceServer[],
): RTCConfiguration {
  return {
    iceServers: [...iceServers],
    bundlePolicy: "max-bundle",
    rtcpMuxPolicy: "require",
    ...(iceTransportPolicy === undefined ? {} : { iceTransportPolicy }),
    ...(iceCandidatePoolSize === undefined ? {} : { iceCandidatePoolSize }),
    ...(certificates === undefined ? {} : { certificates: [...certificates] }),
  };
}

/** The STUN and TURN servers of an open connection. */
export interface IceServers {
  /** For the next ICE restart. */
  set(servers: readonly RTCIceServer[]): void;
  /** Asks for fresh ones; operations that are added after it wait for the answer. PROTOCOL 1.12. */
  refresh(): void;
}

/** Where the platform refuses them, and where there are no fresh ones, it goes on with what it has. */
export function createIceServers(
  connection: Pick<ConnectionLike, "setConfiguration">,
  queue: SerialQueue,
  options: ConfigurationOptions,
  logger: Logger | undefined,
): IceServers {
  function set(servers: readonly RTCIceServer[]) {
    try {
      connection.setConfiguration(configurationOf(options, servers));
    } catch (thrown) {
      logger?.warn("ICE servers refused", { error: PeerError.from(thrown).message });
    }
  }

  return {
    set,
    refresh() {
      const asked = options.freshIceServers?.();
      if (asked === undefined) return;
      queue.add(async () => {
        const servers = await asked.catch(() => undefined);
        if (servers !== undefined) set(servers);
      });
    },
  };
}
