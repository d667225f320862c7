import type { Clock, Logger, PeerEvent } from "@peerline/call-machine";
import type { ChannelLike, ConnectionLike, ConnectionStateEvent } from "./connection-like.ts";
import { type PeerStates, peerEventFor, readStates, sameStates } from "./connection-states.ts";
import type { TrackKind } from "./media-lines.ts";

/** Where a connection's own events lead. */
export interface ConnectionListener {
  readonly emit: (event: PeerEvent) => void;
  readonly onStates: (states: PeerStates) => void;
  readonly onRemoteTrack: (track: MediaStreamTrack, kind: TrackKind) => void;
}

const stateEvents: readonly ConnectionStateEvent[] = [
  "signalingstatechange",
  "connectionstatechange",
  "iceconnectionstatechange",
  "icegatheringstatechange",
];

/** Reports the states at once and after each change, however often the platform says so. */
export function watchConnection(
  connection: ConnectionLike,
  channels: { readonly control: ChannelLike; readonly chat: ChannelLike },
  listener: ConnectionListener,
  clock: Clock,
  logger: Logger | undefined,
): void {
  let last = readStates(connection, channels);
  const changed = () => {
    const before = last;
    last = readStates(connection, channels);
    if (sameStates(before, last)) return;
    listener.onStates(last);
    if (before.connection === last.connection) return;
    logger?.info(`connection ${last.connection}`, { from: before.connection });
    const event = peerEventFor(last.connection, clock.now());
    if (event !== undefined) listener.emit(event);
  };
  for (const type of stateEvents) connection.addEventListener(type, changed);
  for (const channel of [channels.control, channels.chat]) {
    channel.addEventListener("open", changed);
    channel.addEventListener("close", changed);
  }
  connection.addEventListener("track", ({ track }) => {
    const kind = track.kind === "video" ? "video" : "audio";
    logger?.info(`remote ${kind} track`);
    listener.onRemoteTrack(track, kind);
  });
  listener.onStates(last);
}
