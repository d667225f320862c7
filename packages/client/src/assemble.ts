import { type CallId, type CallView, type Clock, type Session, startSession } from "@peerline/call-machine";
import { createPeerPort, type PeerPortOptions, type Peers } from "@peerline/peer-connection";
import type { IceServer } from "@peerline/protocol";
import { type CallBook, createCallBook } from "./call-book.ts";
import { systemClock } from "./clock.ts";
import { createSignaling } from "./create-signaling.ts";
import { browserMedia } from "./media/browser-media.ts";
import { createLocalMedia } from "./media/local-media.ts";
import { createNotifier, type Notifier } from "./notifier.ts";
import type { CallTracks, PeerlineOptions, PeerlineView } from "./peerline.ts";
import { createPinger, type Pinger } from "./ping.ts";
import { randomId } from "./random.ts";
import { sentTracks } from "./sent-tracks.ts";
import { createStatsSampler } from "./stats-sampler.ts";

/** The parts of one signed-in endpoint, wired to each other. */
export interface Assembly {
  readonly session: Session;
  readonly peers: Peers;
  readonly book: CallBook;
  readonly pinger: Pinger;
  readonly notifier: Notifier<PeerlineView>;
  /** The named live call, or the one that the view shows. */
  callOf(callId: CallId | undefined): CallView | undefined;
  /** Sends these instead of the devices'. */
  substitute(callId: CallId, tracks: CallTracks): void;
  /** Stops what runs beside the session. */
  stop(): void;
}

/** Puts session, machines, peer connections and devices together, and connects. */
export function assemble(options: PeerlineOptions): Assembly {
  const clock = options.clock ?? systemClock();
  const substitutes = new Map<CallId, CallTracks>();
  const notifier = createNotifier<PeerlineView>(readView);
  const book = createCallBook(notifier.changed);
  let iceServers: readonly RTCIceServer[] = [];

  const peers = openPeers(options, clock, book, {
    getIceServers: () => [...(options.rtc?.iceServers ?? []), ...iceServers],
    localTracks: (callId) => tracksToSend(callId),
  });

  const media = createLocalMedia(options.media ?? browserMedia(), (callId, tracks) => {
    book.noteLocalTracks(callId, tracks);
    queueMicrotask(() => peers.get(callId)?.setTracks(tracksToSend(callId)));
  });

  const signaling = createSignaling(options, clock);
  const pinger = createPinger({ clock, newId: randomId, send: (relay) => session.relay(relay) });
  const session: Session = startSession(
    {
      signaling,
      peer: peers,
      media,
      clock,
      ...(options.logger ? { logger: options.logger } : {}),
      onRelay: (relay) => void pinger.receive(relay),
      onIceServers(servers) {
        iceServers = servers.map(toRtcIceServer);
      },
    },
    {
      user: options.user,
      ...(options.capacity ? { capacity: options.capacity } : {}),
      ...(options.autoAccept ? { autoAccept: options.autoAccept } : {}),
    },
  );
  const sampleStats = createStatsSampler(clock, async (callId) => peers.get(callId)?.stats(), book.noteStats);
  const stopWatching = session.subscribe((view) => {
    for (const call of view.calls) book.noteRemote(call.callId, call.remote);
    book.keepOnly(view.call ? [...view.calls, view.call] : view.calls);
    for (const callId of substitutes.keys()) if (!book.get(callId)) substitutes.delete(callId);
    sampleStats(view.calls);
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
    peers,
    book,
    pinger,
    notifier,
    callOf,
    substitute(callId, tracks) {
      substitutes.set(callId, tracks);
      peers.get(callId)?.setTracks(tracksToSend(callId));
    },
    stop() {
      sampleStats([]);
      stopWatching();
    },
  };
}

function openPeers(
  { rtc, logger }: PeerlineOptions,
  clock: Clock,
  book: CallBook,
  sources: Pick<PeerPortOptions, "getIceServers" | "localTracks">,
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

function toRtcIceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return { urls, ...(username ? { username, credential } : {}) };
}
