import type { PeerEvent } from "@peerline/call-machine";
import type { ChannelLike, ConnectionLike } from "./connection-like.ts";
import type { PathVerdict } from "./silence.ts";

/** Every state of a connection, as the W3C names them, for people and logs. DESIGN 7, row 3. */
export interface PeerStates {
  readonly connection: RTCPeerConnectionState;
  readonly iceConnection: RTCIceConnectionState;
  readonly iceGathering: RTCIceGatheringState;
  readonly signaling: RTCSignalingState;
  readonly control: RTCDataChannelState;
  readonly chat: RTCDataChannelState;
}

/** The states as they are now. */
export function readStates(
  connection: ConnectionLike,
  channels: { readonly control: ChannelLike; readonly chat: ChannelLike },
): PeerStates {
  return {
    connection: connectionState(connection),
    iceConnection: knownOf(iceStates, connection.iceConnectionState),
    iceGathering: knownOf(gatheringStates, connection.iceGatheringState),
    signaling: knownOf(signalingStates, connection.signalingState),
    control: knownOf(channelStates, channels.control.readyState),
    chat: knownOf(channelStates, channels.chat.readyState),
  };
}

const connectionStates = ["new", "connecting", "connected", "disconnected", "failed", "closed"] as const;
const iceStates = ["new", "checking", "connected", "completed", "disconnected", "failed", "closed"] as const;
const gatheringStates = ["new", "gathering", "complete"] as const;
const signalingStates = [
  "stable",
  "have-local-offer",
  "have-remote-offer",
  "have-local-pranswer",
  "have-remote-pranswer",
  "closed",
] as const;
const channelStates = ["connecting", "open", "closing", "closed"] as const;

/** A state that the standard does not have reads as the first one. */
function knownOf<T extends string>(states: readonly [T, ...T[]], state: unknown): T {
  return states.find((known) => known === state) ?? states[0];
}

/** Whether two readings say the same. */
export function sameStates(a: PeerStates, b: PeerStates): boolean {
  return (Object.keys(a) as (keyof PeerStates)[]).every((key) => a[key] === b[key]);
}

/**
 * Whether packets are expected in this state of a connection that was connected before. An implementation may call itself
 * `connecting` for ever after an ICE restart.
 */
export function expectsPackets(state: RTCPeerConnectionState): boolean {
  return state === "connected" || state === "connecting";
}

/** What the machine is told of a connection in `state` whose path is `path`, at `at` (ms). */
export function peerEventFor(
  state: RTCPeerConnectionState,
  path: PathVerdict,
  at: number,
): PeerEvent | undefined {
  if (expectsPackets(state) && path === "silent") return { type: "peer.interrupted" };
  switch (state) {
    case "connected":
      return path === "delivers" ? { type: "peer.connected", at } : undefined;
    case "disconnected":
      return { type: "peer.interrupted" };
    case "failed":
      return { type: "peer.failed" };
    case "closed":
      return { type: "peer.stuck" };
    case "new":
    case "connecting":
      return undefined;
  }
}

/** `connectionState`, or what `iceConnectionState` tells of it where the implementation has none. */
export function connectionState(
  connection: Pick<ConnectionLike, "connectionState" | "iceConnectionState">,
): RTCPeerConnectionState {
  if (connection.connectionState !== undefined) return knownOf(connectionStates, connection.connectionState);
  const ice = knownOf(iceStates, connection.iceConnectionState);
  if (ice === "checking") return "connecting";
  return ice === "completed" ? "connected" : ice;
}
