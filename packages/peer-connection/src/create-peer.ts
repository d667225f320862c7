import type {
  CallId,
  Clock,
  ControlSignal,
  Logger,
  PeerEvent,
  PeerHandle,
  PeerOptions,
} from "@peerline/call-machine";
import { toHex } from "@peerline/call-machine/wire";
import { type Channels, createChannels } from "./channels.ts";
import type { Chat } from "./chat-message.ts";
import type { ConnectionLike } from "./connection-like.ts";
import { type PeerStates, readStates } from "./connection-states.ts";
import { createLocalCandidates, type LocalCandidates } from "./local-candidates.ts";
import { createMediaLines, type LocalTracks, type MediaLines, type TrackKind } from "./media-lines.ts";
import { createNegotiator, type Negotiator } from "./negotiator.ts";
import { PeerError } from "./peer-error.ts";
import { createRemoteCandidates, type RemoteCandidates } from "./remote-candidates.ts";
import { createSerialQueue, type SerialQueue } from "./serial-queue.ts";
import { type PeerStats, readStats, type StatsSample } from "./stats.ts";
import { watchConnection } from "./watch-connection.ts";

/** A `bye` on its way gets this long before the connection goes, in ms. */
export const lingerMs = 250;

/** The platform, and where the connection's ways out of the machine lead. */
export interface PeerPlatform {
  /** Usually `(configuration) => new RTCPeerConnection(configuration)`. */
  readonly createConnection: (configuration: RTCConfiguration) => ConnectionLike;
  /** STUN and TURN servers, from the server's hello only: PROTOCOL T20. */
  readonly iceServers: readonly RTCIceServer[];
  /** `relay`: never show an own address to the peer. Default `all`. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy | undefined;
  /** Candidates to gather before the first description. Default 0. */
  readonly iceCandidatePoolSize?: number | undefined;
  /** Keeps the DTLS fingerprint over a rebuild: PROTOCOL D16. Default: the platform makes one. */
  readonly certificates?: readonly RTCCertificate[] | undefined;
  /** Usually `() => new MediaStream()`: sound and picture then stay in step at the receiver. */
  readonly createStream?: (() => MediaStream) | undefined;
  readonly clock: Clock;
  readonly logger?: Logger | undefined;
  /** Uniform in [0, 1). Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** 32 hex digits for a chat message. Default: from the platform's `crypto`. */
  readonly createId?: (() => string) | undefined;
  /** What is sent from the start. */
  readonly tracks?: LocalTracks | undefined;
  /** A track of the peer, perhaps silent still. A later one of the same kind takes its place. */
  readonly onRemoteTrack?: ((track: MediaStreamTrack, kind: TrackKind) => void) | undefined;
  readonly onChat?: ((chat: Chat) => void) | undefined;
  /** After each change, and once at the start. */
  readonly onStates?: ((states: PeerStates) => void) | undefined;
}

/** One RTCPeerConnection, for the machine (`PeerHandle`) and for the app around it. After `close` all is ignored. */
export interface Peer extends PeerHandle {
  /** Sends these tracks from now on, by `replaceTrack`: never a renegotiation. The tracks stay the caller's. */
  setTracks(tracks: LocalTracks): void;
  /**
   * Sends a line of text and returns it as the peer will see it. Throws a `PeerError` with the code `chat-not-open`,
   * `bad-chat-text` or `closed`.
   */
  sendChat(text: string): Chat;
  states(): PeerStates;
  /** How the call does since the last time this was asked; `undefined` when it is closed. Never rejects. */
  stats(): Promise<PeerStats | undefined>;
  /** For the next ICE restart: fresh TURN credentials. */
  setIceServers(servers: readonly RTCIceServer[]): void;
}

/**
 * Opens a connection and, with `offer`, makes an offer at once. Throws a `PeerError` `no-connection` when the platform
 * refuses; everything later is an event. `receive` is never called during this call or after `close`.
 */
export function createPeer(options: PeerOptions & PeerPlatform, receive: (event: PeerEvent) => void): Peer {
  let connection: ConnectionLike | undefined;
  try {
    connection = options.createConnection(configurationOf(options, options.iceServers));
    return assemble(connection, options, receive);
  } catch (thrown) {
    connection?.close();
    throw PeerError.from(thrown, "no-connection");
  }
}

interface Life {
  closed: boolean;
  /** A `bye` may still be on its way. */
  saidBye: boolean;
}

function assemble(
  connection: ConnectionLike,
  options: PeerOptions & PeerPlatform,
  receive: (event: PeerEvent) => void,
): Peer {
  const { clock, callId, generation } = options;
  const life: Life = { closed: false, saidBye: false };
  const logger = forCall(options.logger, { callId, generation }, life);
  const emit = whileOpen(life, receive);
  const queue = createSerialQueue((thrown) => {
    logger?.debug("operation failed", { error: PeerError.from(thrown).message });
  });
  const channels = createChannels(connection, callId, clock, {
    onControl: (signal) => emit(toPeerEvent(signal)),
    onChat: whileOpen(life, options.onChat),
    onIgnored: (channel) => logger?.debug("frame ignored", { channel }),
  });
  const lines = createMediaLines(connection, queue, options.createStream?.());
  lines.setTracks(options.tracks ?? {});
  const local = createLocalCandidates(connection, generation, clock, (candidates) => {
    emit({ type: "peer.candidates", candidates });
  });
  const remote = createRemoteCandidates(connection, clock, logger);
  const onRemoteTrack = whileOpen(life, options.onRemoteTrack);
  watchConnection(
    connection,
    channels,
    { emit, onStates: whileOpen(life, options.onStates), onRemoteTrack },
    clock,
    logger,
  );
  const random = options.random ?? Math.random;
  const negotiate = createNegotiator(
    { connection, queue, lines, local, remote, clock, logger, emit, random },
    options,
  );
  const parts = { connection, options, life, logger, queue, channels, lines, local, remote, negotiate };
  return { ...machineSide(parts), ...appSide(parts) };
}

interface Parts {
  readonly connection: ConnectionLike;
  readonly options: PeerOptions & PeerPlatform;
  readonly life: Life;
  readonly logger: Logger | undefined;
  readonly queue: SerialQueue;
  readonly channels: Channels;
  readonly lines: MediaLines;
  readonly local: LocalCandidates;
  readonly remote: RemoteCandidates;
  readonly negotiate: Negotiator;
}

function machineSide(parts: Parts): PeerHandle {
  const { options, life, logger, channels, local, remote, negotiate } = parts;
  return {
    apply(description) {
      negotiate({ type: "received", description });
    },
    addCandidates(candidates) {
      if (!life.closed && candidates.generation === options.generation) remote.add(candidates);
    },
    restartIce() {
      negotiate({ type: "restart" });
    },
    resend() {
      negotiate({ type: "resend" });
      if (!life.closed) local.resend();
    },
    say(signal) {
      if (life.closed) return;
      const said = attempt(() => channels.say(signal), logger) ?? false;
      life.saidBye ||= said && signal.type === "bye";
    },
    close() {
      if (!life.closed) closeAll(parts);
    },
  };
}

function closeAll({
  connection,
  options,
  life,
  logger,
  queue,
  channels,
  lines,
  local,
  remote,
  negotiate,
}: Parts) {
  life.closed = true;
  negotiate({ type: "close" });
  queue.close();
  local.close();
  remote.close();
  lines.release();
  const close = () => {
    attempt(() => connection.close(), logger);
  };
  const { clock } = options;
  if (life.saidBye && channels.control.readyState === "open") clock.setTimer(clock.now() + lingerMs, close);
  else close();
}

function appSide({ connection, options, life, logger, channels, lines }: Parts) {
  const { clock } = options;
  let sample: StatsSample | undefined;
  return {
    setTracks(tracks: LocalTracks) {
      if (!life.closed) lines.setTracks(tracks);
    },
    sendChat(text: string) {
      if (life.closed) throw new PeerError("closed", "the call is closed: start another one to send text");
      const chat: Chat = { id: (options.createId ?? randomId)(), text, sentAt: clock.now() };
      channels.sendChat(chat);
      return chat;
    },
    states: () => readStates(connection, channels),
    async stats() {
      if (life.closed) return undefined;
      const report = await connection.getStats().catch(() => undefined);
      if (report === undefined || life.closed) return undefined;
      const [stats, next] = readStats(report.values(), sample, clock.now());
      sample = next;
      return stats;
    },
    setIceServers(servers: readonly RTCIceServer[]) {
      if (!life.closed) attempt(() => connection.setConfiguration(configurationOf(options, servers)), logger);
    },
  };
}

function configurationOf(options: PeerPlatform, iceServers: readonly RTCIceServer[]): RTCConfiguration {
  const { iceTransportPolicy, iceCandidatePoolSize, certificates } = options;
  return {
    iceServers: [...iceServers],
    bundlePolicy: "max-bundle",
    rtcpMuxPolicy: "require",
    ...(iceTransportPolicy === undefined ? {} : { iceTransportPolicy }),
    ...(iceCandidatePoolSize === undefined ? {} : { iceCandidatePoolSize }),
    ...(certificates === undefined ? {} : { certificates: [...certificates] }),
  };
}

function toPeerEvent(signal: ControlSignal): PeerEvent {
  return signal.type === "bye"
    ? { type: "peer.bye", reason: signal.reason }
    : { type: "peer.mediaState", state: signal.state };
}

function attempt<T>(run: () => T, logger: Logger | undefined): T | undefined {
  try {
    return run();
  } catch (thrown) {
    logger?.debug("refused by the platform", { error: PeerError.from(thrown).message });
    return undefined;
  }
}

function whileOpen<A extends unknown[]>(
  life: Life,
  listener: ((...args: A) => void) | undefined,
): (...args: A) => void {
  return (...args) => {
    if (!life.closed) listener?.(...args);
  };
}

function forCall(
  logger: Logger | undefined,
  call: { readonly callId: CallId; readonly generation: number },
  life: Life,
): Logger | undefined {
  if (logger === undefined) return undefined;
  return {
    debug: whileOpen(life, (message, fields) => logger.debug(message, { ...call, ...fields })),
    info: whileOpen(life, (message, fields) => logger.info(message, { ...call, ...fields })),
    warn: whileOpen(life, (message, fields) => logger.warn(message, { ...call, ...fields })),
  };
}

function randomId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}
