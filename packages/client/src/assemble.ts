import {
  type CallId,
  type CallView,
  type Clock,
  type Report,
  type Session,
  type SessionInput,
  startSession,
} from "@peerline/call-machine";
import { createPeerPort, type PeerPortOptions, type Peers } from "@peerline/peer-connection";
import type { Relay } from "@peerline/protocol";
import type { SignalingSession } from "@peerline/signaling-client";
import { type CallBook, createCallBook } from "./call-book.ts";
import { sessionMemory } from "./call-memory.ts";
import { browserCertificates } from "./certificates/browser-certificates.ts";
import type { CertificateKeeper } from "./certificates/certificate-keeper.ts";
import { startAfter } from "./certificates/start-after.ts";
import { createSignaling } from "./create-signaling.ts";
import { createExtensions, type Extensions } from "./extensions.ts";
import { guardOptions } from "./guard-options.ts";
import { createIceKeeper, type IceKeeper } from "./ice/ice-keeper.ts";
import { browserMedia } from "./media/browser-media.ts";
import { createLocalMedia } from "./media/local-media.ts";
import { createPauseWatch, type PauseWatch } from "./media/pause-watch.ts";
import { createNotifier, type Notifier } from "./notifier.ts";
import type { CallTracks, PeerlineOptions, PeerlineView } from "./peerline.ts";
import { createPinger, type Pinger } from "./ping.ts";
import { randomId } from "./random.ts";
import { nowAndAtEnds, sentTracks } from "./sent-tracks.ts";
import { createStatsSampler } from "./stats-sampler.ts";

/** The parts of one signed-in endpoint, wired to each other. */
export interface Assembly {
  readonly session: Session;
  readonly signaling: Pick<SignalingSession, "setOnline">;
  readonly peers: Peers;
  readonly book: CallBook;
  readonly pinger: Pinger;
  readonly extensions: Extensions;
  readonly notifier: Notifier<PeerlineView>;
  /** The named live call, or the one that the view shows. */
  callOf(callId: CallId | undefined): CallView | undefined;
  /** Sends these instead of the devices'. */
  substitute(callId: CallId, tracks: CallTracks): void;
  /** Stops what runs beside the session. */
  stop(): void;
}

/** Puts session, machines, peer connections and devices together, and connects. */
export function assemble(given: PeerlineOptions): Assembly {
  const { options, report } = guardOptions(given);
  const { clock } = options;
  const substitutes = new Map<CallId, CallTracks>();
  const notifier = createNotifier<PeerlineView>(readView, report);
  const book = createCallBook(notifier.changed);
  const link = openLink(options, clock, (servers) => peers.setIceServers(servers));
  const { signaling, ice, certificates } = link;
  const flow = { report, ...watchFlow(clock, book, async (callId) => peers.get(callId)?.stats()) };
  const peers = openPeers(options, clock, book, { ...link.sources, ...flow, localTracks: tracksToSend });
  const sendTracks = (callId: CallId) => peers.get(callId)?.setTracks(tracksToSend(callId));

  const media = createLocalMedia(options.media ?? browserMedia(), { clock, report }, (callId, tracks) => {
    book.noteLocalTracks(callId, tracks);
    queueMicrotask(() => sendTracks(callId));
  });

  const pinger = createPinger({ clock, newId: randomId, send: (relay) => session.relay(relay) });
  const extensions = openExtensions(options, (relay) => session.relay(relay));
  const session: Session = startSession(
    {
      signaling,
      peer: peers,
      media,
      clock,
      ...ownPorts(options, report),
      onRelay(relay) {
        if (!pinger.receive(relay)) extensions.receive(relay);
      },
      onIceServers: (servers, validForMs) => ice.note({ servers, validForMs }),
    },
    sessionInput(options),
  );
  const stopWatching = session.subscribe((view) => {
    for (const call of view.calls) book.noteRemote(call.callId, call.remote);
    book.keepOnly(view.call ? [...view.calls, view.call] : view.calls);
    for (const callId of substitutes.keys()) if (!book.get(callId)) substitutes.delete(callId);
    certificates?.keepOnly(view.calls.map(({ callId }) => callId));
    flow.follow(view.calls);
    notifier.changed();
  });
  session.watchContacts();

  function readView(): PeerlineView {
    const view = session.view();
    return { ...view, details: view.call && book.get(view.call.callId) };
  }

  function callOf(callId: CallId | undefined): CallView | undefined {
    const { call, calls } = session.view();
    return callId === undefined ? call : calls.find((known) => known.callId === callId);
  }

  function tracksToSend(callId: CallId): CallTracks {
    const local = callOf(callId)?.local ?? { microphone: "on", camera: "on" };
    return sentTracks(book.get(callId)?.localTracks ?? {}, substitutes.get(callId) ?? {}, local);
  }

  return {
    session,
    signaling,
    peers,
    book,
    pinger,
    extensions,
    notifier,
    callOf,
    substitute(callId, tracks) {
      substitutes.set(callId, tracks);
      nowAndAtEnds(tracks, () => sendTracks(callId));
    },
    stop() {
      pinger.stop();
      ice.stop();
      flow.follow([]);
      stopWatching();
    },
  };
}

/** What is sampled and judged of live calls as long as they are followed. */
function watchFlow(
  clock: Clock,
  book: CallBook,
  statsOf: Parameters<typeof createStatsSampler>[1],
): PauseWatch {
  const { onIncoming, follow } = createPauseWatch(clock, book.notePaused);
  const sampleStats = createStatsSampler(clock, statsOf, book.noteStats);
  return {
    onIncoming,
    follow(calls) {
      sampleStats(calls);
      follow(calls);
    },
  };
}

interface Link {
  readonly signaling: SignalingSession;
  readonly ice: IceKeeper;
  readonly certificates: CertificateKeeper | undefined;
  /** What a connection is opened with. */
  readonly sources: Pick<PeerPortOptions, "getIceServers" | "freshIceServers" | "getCertificates">;
}

/** The signaling session, and what connections need of the platform and of the server. */
function openLink(
  options: PeerlineOptions,
  clock: Clock,
  apply: (servers: readonly RTCIceServer[]) => void,
): Link {
  const { endpointId, logger, rtc } = options;
  const certificates = browserCertificates({ endpointId, clock, logger });
  const session = createSignaling(options, clock);
  const signaling = certificates ? startAfter(session, certificates.ready) : session;
  const ice = createIceKeeper({
    clock,
    own: rtc?.iceServers ?? [],
    ask: signaling.getIceServers,
    apply,
    logger,
  });
  const binding = certificates ? { getCertificates: certificates.of } : {};
  const sources = { getIceServers: ice.servers, freshIceServers: ice.fresh, ...binding };
  return { signaling, ice, certificates, sources };
}

function openExtensions(
  { extensions, onExtensionRefused }: PeerlineOptions,
  send: (relay: Relay) => void,
): Extensions {
  return createExtensions({
    newId: randomId,
    send,
    handlers: extensions ?? {},
    onRefused: onExtensionRefused,
  });
}

function ownPorts({ memory = sessionMemory(), logger }: PeerlineOptions, report: Report) {
  return { report, memory, ...(logger ? { logger } : {}) };
}

function sessionInput(options: PeerlineOptions): SessionInput {
  return {
    user: options.user,
    ...(options.capacity ? { capacity: options.capacity } : {}),
    ...(options.autoAccept ? { autoAccept: options.autoAccept } : {}),
    ...(options.earlyAnswer ? { earlyAnswer: true } : {}),
    ...(options.restoresCalls === false ? { restoresCalls: false } : {}),
  };
}

function openPeers(
  { rtc, logger }: PeerlineOptions,
  clock: Clock,
  book: CallBook,
  sources: Pick<
    PeerPortOptions,
    "getIceServers" | "freshIceServers" | "localTracks" | "getCertificates" | "onIncoming" | "report"
  >,
): Peers {
  return createPeerPort({
    ...sources,
    clock,
    createConnection: rtc?.createConnection ?? ((configuration) => new RTCPeerConnection(configuration)),
    ...(rtc?.iceTransportPolicy ? { iceTransportPolicy: rtc.iceTransportPolicy } : {}),
    ...("MediaStream" in globalThis ? { createStream: () => new MediaStream() } : {}),
    ...(logger ? { logger } : {}),
    onRemoteTrack: book.noteRemoteTrack,
    onStates: book.noteStates,
    onChat: (callId, chat) => book.noteChat(callId, "them", chat),
  });
}
