import type { Logger } from "@peerline/call-machine";
import type { ConnectionLike } from "./connection-like.ts";
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

/** What opens a connection. */
export interface OpeningOptions extends ConfigurationOptions {
  readonly createConnection: (configuration: RTCConfiguration) => ConnectionLike;
  readonly iceServers: readonly RTCIceServer[];
  readonly logger?: Logger | undefined;
}

/**
 * A connection with all of the servers, or, where the platform refuses the list, with those that it takes. Throws what the
 * platform throws for a connection without servers.
 */
export function openConnection(options: OpeningOptions): ConnectionLike {
  const { iceServers, logger } = options;
  const open = (servers: readonly RTCIceServer[]) =>
    options.createConnection(configurationOf(options, servers));
  try {
    return open(iceServers);
  } catch {
    const connection = open([]);
    configure(connection, options, iceServers, logger);
    return connection;
  }
}

type Configurable = Pick<ConnectionLike, "setConfiguration">;

/** A platform refuses the whole list for one address, such as one whose port it blocks: then each is tried by itself. */
function configure(
  connection: Configurable,
  options: ConfigurationOptions,
  servers: readonly RTCIceServer[],
  logger: Logger | undefined,
): void {
  const error = refusalOf(connection, options, servers);
  if (error === undefined) return;
  const usable = servers.flatMap(byAddress).filter((server) => {
    const why = refusalOf(connection, options, [server]);
    if (why !== undefined) logger?.warn("ICE server refused", { server: hostOf(server.urls), error: why });
    return why === undefined;
  });
  if (refusalOf(connection, options, usable) !== undefined) logger?.warn("ICE servers refused", { error });
}

/** The kind of the error: its text may quote credentials. Undefined: taken. */
function refusalOf(
  connection: Configurable,
  options: ConfigurationOptions,
  servers: readonly RTCIceServer[],
): string | undefined {
  try {
    connection.setConfiguration(configurationOf(options, servers));
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.name : "unknown";
  }
}

interface OneAddress extends RTCIceServer {
  readonly urls: string;
}

function byAddress(server: RTCIceServer): OneAddress[] {
  return [server.urls].flat().map((urls) => ({ ...server, urls }));
}

function hostOf(url: string): string {
  return url.replace(/^(\w+:)?.*@|\?.*/g, "$1");
}

/** The STUN and TURN servers of an open connection. */
export interface IceServers {
  /** For the next ICE restart. */
  set(servers: readonly RTCIceServer[]): void;
  /** Asks for fresh ones; operations that are added after it wait for the answer. PROTOCOL 1.12. */
  refresh(): void;
}

/** Where the platform refuses some, and where there are no fresh ones, it goes on with what it has. */
export function createIceServers(
  connection: Configurable,
  queue: SerialQueue,
  options: ConfigurationOptions,
  logger: Logger | undefined,
): IceServers {
  const set = (servers: readonly RTCIceServer[]) => configure(connection, options, servers, logger);

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
