import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type Candidates,
  CandidatesSchema,
  type Description,
  Description_Type,
  DescriptionSchema,
  type MediaState,
  MediaStateSchema,
} from "@peerline/protocol";

/** One stored `Candidates` message. */
export interface CandidateBatch {
  readonly generation: number;
  readonly ufrag: string;
  readonly firstIndex: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** The latest signals of one party, so that the other can rebuild after a lost epoch. PROTOCOL 1.4. */
export interface PartySignals {
  readonly offer: Uint8Array | undefined;
  readonly answer: Uint8Array | undefined;
  readonly candidates: readonly CandidateBatch[];
  readonly media: Uint8Array | undefined;
  readonly mediaRevision: number;
}

export const noSignals: PartySignals = {
  offer: undefined,
  answer: undefined,
  candidates: [],
  media: undefined,
  mediaRevision: 0,
};

/** ICE generations whose candidates are kept: the present one and, during a restart, the one before. */
const keptUfrags = 2;

/** A rejection is relayed but not kept, and neither is what is older than what is there. PROTOCOL 1.6. */
export function withDescription(signals: PartySignals, description: Description): PartySignals {
  if (description.type === Description_Type.REJECT) return signals;
  const kind = description.type === Description_Type.OFFER ? "offer" : "answer";
  if (isOlder(description, signals[kind])) return signals;
  return { ...signals, [kind]: toBinary(DescriptionSchema, description) };
}

function isOlder({ pcGeneration, offerNumber }: Description, kept: Uint8Array | undefined): boolean {
  if (!kept) return false;
  const known = fromBinary(DescriptionSchema, kept);
  return (pcGeneration - known.pcGeneration || offerNumber - known.offerNumber) < 0;
}

/** `undefined`: the party would have more than `maxPerUfrag` candidates in one ICE generation. */
export function withCandidates(
  signals: PartySignals,
  message: Candidates,
  maxPerUfrag: number,
): PartySignals | undefined {
  const batch: CandidateBatch = {
    generation: message.pcGeneration,
    ufrag: message.ufrag,
    firstIndex: message.firstIndex,
    count: message.list.length,
    bytes: toBinary(CandidatesSchema, message),
  };
  const others = signals.candidates.filter((known) => !isSameBatch(known, batch));
  const ofUfrag = others.filter((known) => isSameUfrag(known, batch));
  const count = ofUfrag.reduce((sum, known) => sum + known.count, batch.count);
  if (count > maxPerUfrag || ofUfrag.length >= maxPerUfrag) return undefined;
  return { ...signals, candidates: newestUfrags([...others, batch]) };
}

/** An older revision changes nothing. */
export function withMedia(signals: PartySignals, media: MediaState): PartySignals {
  if (media.revision < signals.mediaRevision) return signals;
  return { ...signals, media: toBinary(MediaStateSchema, media), mediaRevision: media.revision };
}

function newestUfrags(batches: readonly CandidateBatch[]): readonly CandidateBatch[] {
  const newestFirst: CandidateBatch[] = [];
  for (const batch of [...batches].reverse()) {
    if (!newestFirst.some((known) => isSameUfrag(known, batch))) newestFirst.push(batch);
  }
  const kept = newestFirst.slice(0, keptUfrags);
  return batches.filter((batch) => kept.some((known) => isSameUfrag(known, batch)));
}

function isSameUfrag(a: CandidateBatch, b: CandidateBatch): boolean {
  return a.generation === b.generation && a.ufrag === b.ufrag;
}

function isSameBatch(a: CandidateBatch, b: CandidateBatch): boolean {
  return isSameUfrag(a, b) && a.firstIndex === b.firstIndex && a.count === b.count;
}
