import { browserTransport } from "../browser-transport.ts";
import { systemClock } from "../clock.ts";
import { developmentSignIn } from "../development-sign-in.ts";
import type { Peerline, PeerlineOptions } from "../peerline.ts";
import { createSwitchboard, type FaultSwitches } from "./fault-switches.ts";
import { createConfigurationFaults } from "./faulty-configuration.ts";
import { faultyConnections } from "./faulty-connection.ts";
import { createTokenFaults } from "./faulty-token.ts";
import { faultyTransport } from "./faulty-transport.ts";

export interface WithFaults {
  /** For `createPeerline`: the same surroundings, behind switches. */
  readonly options: PeerlineOptions;
  readonly switches: FaultSwitches;
  /** Tells the Peerline what a platform would tell: it is offline or online, its paths are others. Returns the way out. */
  follow(peerline: Pick<Peerline, "networkChanged" | "setOnline">): () => void;
}

/** Puts switches between a Peerline and its surroundings: transport, tokens, connections. All are off at first. */
export function withFaults(options: PeerlineOptions): WithFaults {
  const board = createSwitchboard();
  const tokens = createTokenFaults(board);
  const clock = options.clock ?? systemClock();
  const { rtc, user, displayName = user } = options;
  const transport = faultyTransport(options.transport ?? browserTransport(options.serverUrl), board, tokens);
  const create = rtc?.createConnection ?? platformConnections();
  const configurations = createConfigurationFaults(board);
  return {
    options: {
      ...options,
      transport,
      getToken: tokens.watch(options.getToken ?? developmentSignIn(transport, user, displayName)),
      rtc: {
        ...rtc,
        ...(create && { createConnection: faultyConnections(create, { board, configurations, clock }) }),
      },
    },
    switches: board,
    follow(peerline) {
      const exits = [
        board.on("force-relay", () => peerline.networkChanged()),
        board.on("offline", () => peerline.setOnline(!board.isOn("offline"))),
      ];
      return () => {
        for (const exit of exits) exit();
      };
    },
  };
}

/** Nothing where WebRTC is off: `createPeerline` says so. */
function platformConnections() {
  if (!("RTCPeerConnection" in globalThis)) return undefined;
  return (configuration: RTCConfiguration) => new RTCPeerConnection(configuration);
}
