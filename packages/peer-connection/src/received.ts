import { type Entry, entriesOf, kindOf, numberOf, roundTripMs } from "./report.ts";

/** What has come in so far, by counter. Only growth means something: platforms count differently. */
export interface Received {
  /** Packets of sound. */
  readonly audio: Counters;
  /** Packets of picture. */
  readonly video: Counters;
  /** Those, reports about them, data, and acknowledgements of own data: what only a whole path delivers. */
  readonly payload: Counters;
  /** Answers to connectivity and consent checks (RFC 7675), on any pair. */
  readonly answers: Counters;
  /** Of the pair in use, in ms. */
  readonly rttMs: number | undefined;
}

export type Counters = Readonly<Record<string, number>>;

const payloadFields: Readonly<Record<string, readonly string[]>> = {
  transport: ["packetsReceived"],
  "candidate-pair": ["bytesReceived"],
};

const answerFields: Readonly<Record<string, readonly string[]>> = { "candidate-pair": ["responsesReceived"] };

/**
 * Reads an `RTCStatsReport` (https://www.w3.org/TR/webrtc-stats/). Undefined: the platform does not count what its paths
 * deliver, so silence cannot be told from a peer that sends nothing.
 */
export function readReceived(report: Iterable<unknown>): Received | undefined {
  const received = countIn(entriesOf(report));
  return Object.keys(received.payload).length === 0 ? undefined : received;
}

/** The same of a report that was read, whatever the platform counts. */
export function countIn(entries: readonly Entry[]): Received {
  const streams = entries.filter(({ type }) => type === "inbound-rtp");
  const isVideo = (entry: Entry) => kindOf(entry) === "video";
  return {
    audio: counters(
      streams.filter((entry) => !isVideo(entry)),
      streamFields,
    ),
    video: counters(streams.filter(isVideo), streamFields),
    payload: counters(entries, payloadFields),
    answers: counters(entries, answerFields),
    rttMs: roundTripMs(entries),
  };
}

const streamFields = { "inbound-rtp": ["packetsReceived"] };

/** Whether any counter is higher than it was. One that is gone says nothing: pairs come and go. */
export function grew(before: Counters, after: Counters): boolean {
  return Object.entries(after).some(([key, value]) => value > (before[key] ?? 0));
}

/** The later reading over the earlier one: a counter that is gone for a time has not grown when it comes back. */
export function remember(before: Received | undefined, after: Received): Received {
  if (before === undefined) return after;
  return {
    audio: { ...before.audio, ...after.audio },
    video: { ...before.video, ...after.video },
    payload: { ...before.payload, ...after.payload },
    answers: { ...before.answers, ...after.answers },
    rttMs: after.rttMs,
  };
}

function counters(entries: readonly Entry[], fields: Readonly<Record<string, readonly string[]>>): Counters {
  return Object.fromEntries(
    entries.flatMap(
      (entry) =>
        fields[entry.type]?.flatMap((field) => {
          const value = numberOf(entry, field);
          return value === undefined ? [] : [[`${entry.id} ${field}`, value]];
        }) ?? [],
    ),
  );
}
