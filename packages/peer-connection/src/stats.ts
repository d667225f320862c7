import { type Counters, countIn, grew } from "./received.ts";
import { type Entry, entriesOf, kindOf, numberOf, roundTripMs, selectedEntry, toMs } from "./report.ts";

/** The way the packets of a call take. */
export interface SelectedPair {
  readonly local: RTCIceCandidateType;
  readonly remote: RTCIceCandidateType;
  readonly protocol: "udp" | "tcp";
  /** How the own TURN server is reached, when there is one in the way. */
  readonly relayProtocol?: "udp" | "tcp" | "tls";
  /** `relayed`: through a TURN server of either side. DESIGN 7, row 19. */
  readonly path: "direct" | "relayed";
}

/** One direction of one kind of media. Rates and losses are since the previous reading. */
export interface Flow {
  readonly packets: number;
  readonly bitsPerSecond: number | undefined;
}

/** What comes from the peer. */
export interface IncomingFlow extends Flow {
  readonly lossPercent: number | undefined;
  readonly jitterMs: number | undefined;
}

export interface IncomingAudio extends IncomingFlow {
  /** Loudness from 0 to 1. */
  readonly level: number | undefined;
}

export interface IncomingVideo extends IncomingFlow {
  readonly framesDecoded: number;
  readonly framesPerSecond: number | undefined;
  /** Pixels. */
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** A reading of a call's health. Absent parts are not known (yet); counters are since the connection opened. */
export interface PeerStats {
  /** By the reader's clock, in ms. */
  readonly at: number;
  readonly rttMs: number | undefined;
  /** Of everything that comes in. */
  readonly lossPercent: number | undefined;
  /** The worse of sound and picture. */
  readonly jitterMs: number | undefined;
  /** Both kinds together. */
  readonly inBitsPerSecond: number | undefined;
  readonly outBitsPerSecond: number | undefined;
  readonly audioIn: IncomingAudio | undefined;
  readonly videoIn: IncomingVideo | undefined;
  readonly audioOut: Flow | undefined;
  readonly videoOut: Flow | undefined;
  readonly selectedPair: SelectedPair | undefined;
  /** Something came from the peer since the previous reading: media, data or a consent response. PROTOCOL 2.5, D7. */
  readonly alive: boolean;
}

/** What the next reading is compared with. */
export interface StatsSample {
  readonly at: number;
  readonly counters: Readonly<Record<string, number>>;
  /** Packets, bytes and consent responses that came in. */
  readonly heard: Counters;
}

/**
 * Reads an `RTCStatsReport` (https://www.w3.org/TR/webrtc-stats/) taken at `at` (ms) and compares it with the one before.
 * Entries of other types, and fields that a platform does not have, are skipped.
 */
export function readStats(
  report: Iterable<unknown>,
  before: StatsSample | undefined,
  at: number,
): [PeerStats, StatsSample] {
  const entries = entriesOf(report);
  const pair = selectedEntry(entries);
  const heard = heardIn(entries);
  const read = { entries, before, at };
  const audioIn = streamOf(entries, "inbound-rtp", "audio");
  const videoIn = streamOf(entries, "inbound-rtp", "video");
  const stats: PeerStats = {
    at,
    rttMs: roundTripMs(entries),
    lossPercent: loss(read, [audioIn, videoIn]),
    jitterMs: max([toMs(numberOf(audioIn, "jitter")), toMs(numberOf(videoIn, "jitter"))]),
    inBitsPerSecond: rate(read, [audioIn, videoIn], "bytesReceived"),
    outBitsPerSecond: rate(
      read,
      [streamOf(entries, "outbound-rtp", "audio"), streamOf(entries, "outbound-rtp", "video")],
      "bytesSent",
    ),
    audioIn: audioIn && { ...incoming(read, audioIn), level: levelOf(audioIn) },
    videoIn: videoIn && { ...incoming(read, videoIn), ...picture(videoIn) },
    audioOut: outgoing(read, "audio"),
    videoOut: outgoing(read, "video"),
    selectedPair: pair && describePair(entries, pair),
    alive: grew(before?.heard ?? {}, heard),
  };
  return [stats, { at, counters: countersOf(entries), heard: { ...before?.heard, ...heard } }];
}

function heardIn(entries: readonly Entry[]): Counters {
  const { audio, video, payload, answers } = countIn(entries);
  return { ...audio, ...video, ...payload, ...answers };
}

function levelOf(stream: Entry): number | undefined {
  const level = numberOf(stream, "audioLevel");
  return level === undefined ? undefined : Math.min(level, 1);
}

interface Reading {
  readonly entries: readonly Entry[];
  readonly before: StatsSample | undefined;
  readonly at: number;
}

const counted = ["packetsReceived", "packetsLost", "bytesReceived", "bytesSent"];

function countersOf(entries: readonly Entry[]): Record<string, number> {
  const streams = entries.filter(({ type }) => type === "inbound-rtp" || type === "outbound-rtp");
  return Object.fromEntries(
    streams.flatMap((entry) => counted.map((field) => [`${entry.id} ${field}`, numberOf(entry, field, 0)])),
  );
}

function incoming(read: Reading, stream: Entry): IncomingFlow {
  return {
    packets: numberOf(stream, "packetsReceived", 0),
    bitsPerSecond: rate(read, [stream], "bytesReceived"),
    lossPercent: loss(read, [stream]),
    jitterMs: toMs(numberOf(stream, "jitter")),
  };
}

function picture(stream: Entry) {
  return {
    framesDecoded: numberOf(stream, "framesDecoded", 0),
    framesPerSecond: numberOf(stream, "framesPerSecond"),
    width: numberOf(stream, "frameWidth"),
    height: numberOf(stream, "frameHeight"),
  };
}

function outgoing(read: Reading, kind: string): Flow | undefined {
  const stream = streamOf(read.entries, "outbound-rtp", kind);
  if (stream === undefined) return undefined;
  return { packets: numberOf(stream, "packetsSent", 0), bitsPerSecond: rate(read, [stream], "bytesSent") };
}

function rate(read: Reading, streams: readonly (Entry | undefined)[], field: string): number | undefined {
  const { before, at } = read;
  const seconds = before === undefined ? 0 : (at - before.at) / 1_000;
  if (seconds <= 0 || streams.every((stream) => stream === undefined)) return undefined;
  return Math.round((8 * grownBy(read, streams, field)) / seconds);
}

function loss(read: Reading, streams: readonly (Entry | undefined)[]): number | undefined {
  const lost = grownBy(read, streams, "packetsLost");
  const expected = lost + grownBy(read, streams, "packetsReceived");
  return expected > 0 ? Math.round((1_000 * lost) / expected) / 10 : undefined;
}

/** How much the streams' counters grew since the previous reading. One that went back has not. */
function grownBy({ before }: Reading, streams: readonly (Entry | undefined)[], field: string): number {
  return streams.reduce((all, stream) => {
    if (stream === undefined) return all;
    const was = before?.counters[`${stream.id} ${field}`] ?? 0;
    return all + Math.max(0, numberOf(stream, field, 0) - was);
  }, 0);
}

/** Newest stream of a kind: after a renegotiation a report may still have the one before. */
function streamOf(entries: readonly Entry[], type: string, kind: string): Entry | undefined {
  return entries.findLast((entry) => entry.type === type && kindOf(entry) === kind);
}

function describePair(entries: readonly Entry[], pair: Entry): SelectedPair | undefined {
  const local = entries.find(({ id }) => id === pair.localCandidateId);
  const remote = entries.find(({ id }) => id === pair.remoteCandidateId);
  const [localType, remoteType] = [candidateType(local), candidateType(remote)];
  if (localType === undefined || remoteType === undefined) return undefined;
  const relayProtocol = (["udp", "tcp", "tls"] as const).find((name) => name === local?.relayProtocol);
  return {
    local: localType,
    remote: remoteType,
    protocol: local?.protocol === "tcp" ? "tcp" : "udp",
    ...(relayProtocol === undefined ? {} : { relayProtocol }),
    path: localType === "relay" || remoteType === "relay" ? "relayed" : "direct",
  };
}

function candidateType(entry: Entry | undefined): RTCIceCandidateType | undefined {
  return (["host", "srflx", "prflx", "relay"] as const).find((name) => name === entry?.candidateType);
}

function max(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
