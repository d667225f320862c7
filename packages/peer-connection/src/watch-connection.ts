import type { Clock, Logger, PeerEvent } from "@peerline/call-machine";
import type { Channels } from "./channels.ts";
import type { ConnectionLike, ConnectionStateEvent, TrackEventLike } from "./connection-like.ts";
import {
  expectsPackets,
  type PeerStates,
  peerEventFor,
  readStates,
  sameStates,
} from "./connection-states.ts";
import type { Handlers } from "./handlers.ts";
import type { TrackKind } from "./media-lines.ts";
import type { Incoming } from "./silence.ts";
import { createSilenceWatch } from "./silence-watch.ts";

/** Where a connection's own events lead. */
export interface ConnectionListener {
  readonly emit: (event: PeerEvent) => void;
  readonly onStates: (states: PeerStates) => void;
  readonly onRemoteTrack: (track: MediaStreamTrack, kind: TrackKind) => void;
  readonly onIncoming: (incoming: Incoming<boolean>) => void;
}

/** What the watched connection is told in turn. */
export interface ConnectionWatch {
  /** An ICE restart begins: `peer.connected` comes again, once packets do. */
  restarted(): void;
  /** Says once more that the connection is connected, if it is and delivers. */
  tellAgain(): void;
  /** Leaves no timer. */
  close(): void;
}

export interface WatchOptions {
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  readonly handlers: Handlers;
}

const stateEvents: readonly ConnectionStateEvent[] = [
  "signalingstatechange",
  "connectionstatechange",
  "iceconnectionstatechange",
  "icegatheringstatechange",
];

/**
 * Reports the states at once and after each change, however often the platform says so. A connection that delivers
 * nothing is told to the machine as interrupted, also while the platform still calls it connected. PROTOCOL 2.5.
 */
export function watchConnection(
  connection: ConnectionLike,
  channels: Channels,
  listener: ConnectionListener,
  { clock, logger, handlers }: WatchOptions,
): ConnectionWatch {
  let last = readStates(connection, channels);
  /** What the machine was told last. */
  let told: PeerEvent["type"] | undefined;

  const silence = createSilenceWatch({
    connection,
    clock,
    isConnected: () => expectsPackets(last.connection),
    canProbe: () => channels.control.readyState === "open",
    probe: channels.probe,
    onIncoming: listener.onIncoming,
    onChange() {
      if (!expectsPackets(last.connection)) return;
      const delivers = silence.verdict() === "delivers";
      logger?.info(delivers ? "packets come in again" : "no packets come in");
      // Packets that prove the path say more than a platform that never ends its restart.
      tell(delivers ? "connected" : last.connection);
    },
  });

  function tell(state = last.connection) {
    const event = peerEventFor(state, silence.verdict(), clock.now());
    if (event === undefined || event.type === told) return;
    told = event.type;
    listener.emit(event);
  }

  function changed() {
    const before = last;
    last = readStates(connection, channels);
    if (sameStates(before, last)) return;
    listener.onStates(last);
    if (before.connection === last.connection) return;
    logger?.info(`connection ${last.connection}`, { from: before.connection });
    if (last.connection === "connected") silence.begin();
    tell();
  }

  const onChange = handlers.on(changed);
  for (const type of stateEvents) connection.addEventListener(type, onChange);
  for (const channel of [channels.control, channels.chat]) {
    channel.addEventListener("open", onChange);
    channel.addEventListener("close", onChange);
  }
  const onTrack = handlers.on(({ track }: Partial<TrackEventLike>) => {
    if (!track) return;
    const kind = track.kind === "video" ? "video" : "audio";
    logger?.info(`remote ${kind} track`);
    listener.onRemoteTrack(track, kind);
  });
  connection.addEventListener("track", onTrack);
  listener.onStates(last);
  return {
    restarted() {
      silence.restarted();
      // All is told again once it is known, but for an interruption, which only packets end.
      if (told !== "peer.interrupted") told = undefined;
    },
    tellAgain() {
      if (last.connection !== "connected") return;
      told = undefined;
      tell();
    },
    close: silence.close,
  };
}
