/** What has come in so far, by counter. Only growth means something: platforms count differently. */
export interface Received {
  /** Packets of sound and picture. */
  readonly media: Counters;
  /** Those, reports about them, data, and acknowledgements of own data: what only a whole path delivers. */
  readonly payload: Counters;
  /** Answers to connectivity and consent checks (RFC 7675), on any pair. */
  readonly answers: Counters;
  /** Of the pair in use, in ms. */
  readonly rttMs: number | undefined;
}

export type Counters = Readonly<Record<string, number>>;

type Entry = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

const mediaFields: Readonly<Record<string, readonly string[]>> = { "inbound-rtp": ["packetsReceived"] };

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
  const entries = [...report].filter(isEntry);
  const payload = counters(entries, payloadFields);
  if (Object.keys(payload).length === 0) return undefined;
  return {
    media: counters(entries, mediaFields),
    payload,
    answers: counters(entries, answerFields),
    rttMs: roundTripMs(entries),
  };
}

/** Whether any counter is higher than it was. One that is gone says nothing: pairs come and go. */
export function grew(before: Counters, after: Counters): boolean {
  return Object.entries(after).some(([key, value]) => value > (before[key] ?? 0));
}

function counters(entries: readonly Entry[], fields: Readonly<Record<string, readonly string[]>>): Counters {
  return Object.fromEntries(
    entries.flatMap(
      (entry) =>
        fields[entry.type]?.flatMap((field) => {
          const value = entry[field];
          return typeof value === "number" ? [[`${entry.id} ${field}`, value]] : [];
        }) ?? [],
    ),
  );
}

function roundTripMs(entries: readonly Entry[]): number | undefined {
  const selected = entries.find(({ type }) => type === "transport")?.selectedCandidatePairId;
  const seconds = entries.find(({ id }) => id === selected)?.currentRoundTripTime;
  return typeof seconds === "number" ? seconds * 1_000 : undefined;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && "id" in value && "type" in value;
}
