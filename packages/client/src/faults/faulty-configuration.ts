import type { Switchboard } from "./fault-switches.ts";

/** What the switches make of the configuration of a connection. */
export interface ConfigurationFaults {
  apply(configuration: RTCConfiguration): RTCConfiguration;
}

/** Credentials are known once they were in a configuration; those are the ones that `expire-turn` spoils. */
export function createConfigurationFaults(board: Switchboard): ConfigurationFaults {
  const known = new Set<string>();
  const expired = new Set<string>();
  board.on("expire-turn", () => {
    for (const credential of known) expired.add(credential);
  });
  return {
    apply(configuration) {
      for (const { credential } of configuration.iceServers ?? []) {
        if (credential !== undefined) known.add(credential);
      }
      return faultyConfiguration(configuration, { relayOnly: board.isOn("force-relay"), expired });
    },
  };
}

export interface ConfigurationFault {
  readonly relayOnly: boolean;
  /** Credentials that no TURN server takes any more. */
  readonly expired: ReadonlySet<string>;
}

/** The configuration with relayed paths only, and with credentials that are refused in place of the expired ones. */
export function faultyConfiguration(
  configuration: RTCConfiguration,
  { relayOnly, expired }: ConfigurationFault,
): RTCConfiguration {
  const iceServers = configuration.iceServers?.map((server) =>
    server.credential !== undefined && expired.has(server.credential)
      ? { ...server, credential: `${server.credential}-expired` }
      : server,
  );
  return {
    ...configuration,
    ...(iceServers ? { iceServers } : {}),
    ...(relayOnly ? { iceTransportPolicy: "relay" } : {}),
  };
}
