import {
  type CallId,
  type Clock,
  type ControlSignal,
  type Logger,
  type PeerEvent,
  type PeerHandle,
  type PeerOptions,
  wallTime,
} from "@peerline/call-machine";
import { textFrom, toHex } from "@peerline/call-machine/wire";
import { createChannels } from "./channels.ts";
import type { Chat } from "./chat-message.ts";
import { createIceServers, openConnection } from "./configuration.ts";
import type { ConnectionLike } from "./connection-like.ts";
import { type PeerStates, readStates } from "./connection-states.ts";
import { createDeadlines } from "./deadlines.ts";
import { createHandlers, guarded } from "./handlers.ts";
import { createLocalCandidates } from "./local-candidates.ts";
import { machineSide, type PeerParts } from "./machine-side.ts";
import { createMediaLines, type LocalTracks, type TrackKind } from "./media-lines.ts";
import { createNegotiator } from "./negotiator.ts";
import { PeerError } from "./peer-error.ts";
import { createRemoteCandidates } from "./remote-candidates.ts";
import { createSerialQueue, stepMs } from "./serial-queue.ts";
import type { Incoming } from "./silence.ts";
import { type PeerStats, readStats, type StatsSample } from "./stats.ts";
import { watchConnection } from "./watch-connection.ts";

/** The platform, and where the connection's ways out of the machine lead. */
export interface PeerPlatform {
  /** Usually `(configuration) => new RTCPeerConnection(configuration)`. */
  readonly createConnection: (configuration: RTCConfiguration) => ConnectionLike;
  /** STUN and TURN servers, from the server's hello only: PROTOCOL T20. One that the platform refuses leaves the others. */
  readonly iceServers: readonly RTCIceServer[];
  /**
   * Asked before each ICE restart and before a rebuilt connection gathers, which wait for the answer. Undefined, at once or
   * later: those it has will do. Everything else waits for at most 3 s. PROTOCOL 1.12, row 67.
   */
  readonly freshIceServers?: (() => Promise<readonly RTCIceServer[] | undefined> | undefined) | undefined;
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
  /** Which kinds of media come in: after each change, a second or so behind it. Never where the platform does not count. */
  readonly onIncoming?: ((incoming: Incoming<boolean>) => void) | undefined;
  /** After each change, and once at the start. */
  readonly onStates?: ((states: PeerStates) => void) | undefined;
}

/** One RTCPeerConnection, for the machine (`PeerHandle`) and for the app around it. After `close` all is ignored. */
export interface Peer extends PeerHandle {
  /** Sends these tracks from now on, by `replaceTrack`: never a renegotiation. The tracks stay the caller's. */
  setTracks(tracks: LocalTracks): void;
  /**
   * Sends a line of text and returns it as the peer will see it, without control characters. `undefined`: the channel is not open, these
   * are more lines than a peer takes (40 at once, then 10 a second), or the platform takes none; nothing was sent. Throws a `PeerError`
   * `bad-chat-text`.
   */
  sendChat(text: string): Chat | undefined;
  states(): PeerStates;
  /**
   * How the call does since the last time this was asked; `undefined` when it is closed, and when the platform does not answer
   * within 3 s or at all. Never rejects.
   */
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
    connection = openConnection(options);
    return assemble(connection, options, receive);
  } catch (thrown) {
    const opened = connection;
    guarded(
      () => opened?.close(),
      () => undefined,
    )();
    throw PeerError.from(thrown, "no-connection");
  }
}

function assemble(
  connection: ConnectionLike,
  options: PeerOptions & PeerPlatform,
  receive: (event: PeerEvent) => void,
): Peer {
  const { clock, callId, generation } = options;
  const life: PeerParts["life"] = { closed: false, saidBye: false };
  const logger = forCall(options.logger, { callId, generation }, life);
  const onError = (thrown: unknown) => logger?.warn("failed", { error: PeerError.from(thrown).message });
  const tell = <A extends unknown[]>(listener: ((...args: A) => void) | undefined) =>
    whileOpen(
      life,
      guarded<A>((...args) => listener?.(...args), onError),
    );
  const emit = tell(receive);
  const deadlines = createDeadlines(clock);
  const queue = createSerialQueue(deadlines, (thrown) => {
    logger?.debug("operation failed", { error: PeerError.from(thrown).message });
  });
  const handlers = createHandlers(onError);
  const fromChannels = {
    onControl: (signal: ControlSignal) => emit(toPeerEvent(signal)),
    onChat: tell(options.onChat),
    onIgnored: (channel: string) => logger?.debug("frame ignored", { channel }),
  };
  const channels = createChannels(connection, callId, clock, fromChannels, handlers);
  const lines = createMediaLines(connection, queue, options.createStream?.());
  lines.setTracks(options.tracks ?? {});
  const local = createLocalCandidates(connection, generation, { clock, handlers }, (candidates) => {
    emit({ type: "peer.candidates", candidates });
  });
  const remote = createRemoteCandidates(connection, clock, logger);
  const watch = watchConnection(
    connection,
    channels,
    {
      emit,
      onStates: tell(options.onStates),
      onRemoteTrack: tell(options.onRemoteTrack),
      onIncoming: tell(options.onIncoming),
    },
    { clock, logger, handlers },
  );
  const iceServers = createIceServers(connection, queue, options, logger);
  if (generation > 1) iceServers.refresh();
  const random = options.random ?? Math.random;
  const negotiate = createNegotiator(
    { connection, queue, lines, local, remote, deadlines, clock, logger, emit, random },
    options,
  );
  const parts = {
    connection,
    options,
    life,
    logger,
    handlers,
    deadlines,
    queue,
    channels,
    lines,
    local,
    remote,
    watch,
    iceServers,
    negotiate,
  };
  return { ...machineSide(parts), ...appSide(parts) };
}

type AppParts = Omit<PeerParts, "options"> & { readonly options: PeerPlatform };

function appSide({ connection, options, life, channels, lines, iceServers }: AppParts) {
  const { clock } = options;
  // Stays when the connection closes: who has asked gets an answer.
  const deadlines = createDeadlines(clock);
  let sample: StatsSample | undefined;
  return {
    setTracks(tracks: LocalTracks) {
      if (!life.closed) lines.setTracks(tracks);
    },
    sendChat(text: string) {
      if (life.closed) return undefined;
      const shown = textFrom(text) ?? "";
      const chat: Chat = { id: (options.createId ?? randomId)(), text: shown, sentAt: wallTime(clock) };
      return channels.sendChat(chat) ? chat : undefined;
    },
    states: () => readStates(connection, channels),
    async stats() {
      if (life.closed) return undefined;
      try {
        const report = await deadlines.within(stepMs, "getStats", () => connection.getStats());
        if (life.closed) return undefined;
        const [stats, next] = readStats(report.values(), sample, clock.now());
        sample = next;
        return stats;
      } catch {
        return undefined;
      }
    },
    setIceServers(servers: readonly RTCIceServer[]) {
      if (!life.closed) iceServers.set(servers);
    },
  };
}

function toPeerEvent(signal: ControlSignal): PeerEvent {
  return signal.type === "bye"
    ? { type: "peer.bye", reason: signal.reason }
    : { type: "peer.mediaState", state: signal.state };
}

function whileOpen<A extends unknown[]>(
  life: PeerParts["life"],
  listener: ((...args: A) => void) | undefined,
): (...args: A) => void {
  return (...args) => {
    if (!life.closed) listener?.(...args);
  };
}

function forCall(
  logger: Logger | undefined,
  call: { readonly callId: CallId; readonly generation: number },
  life: PeerParts["life"],
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
