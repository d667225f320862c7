/** One dictionary of an `RTCStatsReport`: https://www.w3.org/TR/webrtc-stats/ */
export type Entry = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/** What of a report can be read. Anything else that a platform gives reads as an empty one. */
export function entriesOf(report: Iterable<unknown>): readonly Entry[] {
  return [...report].filter(isEntry);
}

/** A count or a length that makes sense: not negative, and small enough to be counted with. */
export function numberOf(entry: Entry | undefined, field: string): number | undefined;
export function numberOf(entry: Entry | undefined, field: string, absent: number): number;
export function numberOf(entry: Entry | undefined, field: string, absent?: number): number | undefined {
  const value = entry?.[field];
  return typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : absent;
}

/** The kind of media that a stream carries; older implementations call it `mediaType`. */
export function kindOf(entry: Entry): unknown {
  return entry.kind ?? entry.mediaType;
}

/** The pair in use: as the transport names it, or as older Firefoxes mark it, whose reports have no transport. */
export function selectedEntry(entries: readonly Entry[]): Entry | undefined {
  const transport = entries.find(
    ({ type, selectedCandidatePairId }) => type === "transport" && selectedCandidatePairId,
  );
  const pairs = entries.filter(({ type }) => type === "candidate-pair");
  return (
    pairs.find(({ id }) => id === transport?.selectedCandidatePairId) ??
    pairs.find(({ selected }) => selected === true) ??
    pairs.find(({ state, nominated }) => state === "succeeded" && nominated === true)
  );
}

/** In ms: of the pair in use, or as the peer's receiver reports tell it where pairs have none (Firefox until version 142). */
export function roundTripMs(entries: readonly Entry[]): number | undefined {
  const seconds =
    numberOf(selectedEntry(entries), "currentRoundTripTime") ??
    numberOf(
      entries.findLast(({ type, roundTripTime }) => type === "remote-inbound-rtp" && roundTripTime),
      "roundTripTime",
    );
  return toMs(seconds);
}

/** To a tenth of a millisecond. */
export function toMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 10_000) / 10;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && "id" in value && "type" in value;
}
