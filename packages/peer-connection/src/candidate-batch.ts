import type { CandidatesSignal, IceCandidateSignal } from "@peerline/call-machine";

/** PROTOCOL 2.6: gathering that is not over by then is ended, in ms. DESIGN 5.6: a dead STUN server takes 40 s. */
export const gatheringCapMs = 15_000;
const maxPerSignal = 64;
const maxPerUfrag = 256;
const maxCandidateBytes = 1_024;
const maxParked = 4;

/** The local candidates of one ICE generation. */
interface CandidateList {
  readonly ufrag: string;
  /** All so far, in order. */
  readonly list: readonly IceCandidateSignal[];
  /** How many of `list` have been taken by `flush`. */
  readonly taken: number;
  readonly ended: boolean;
  readonly endTaken: boolean;
}

/** The local candidates of one RTCPeerConnection. Plain data. */
export interface CandidateBatch {
  readonly generation: number;
  readonly present: CandidateList | undefined;
  /** Lists of other ufrags: a rolled-back offer brings the one before it back. */
  readonly parked: readonly CandidateList[];
}

/** One that has a ufrag. */
interface BegunBatch extends CandidateBatch {
  readonly present: CandidateList;
}

/** Nothing gathered yet. */
export function emptyBatch(generation: number): CandidateBatch {
  return { generation, present: undefined, parked: [] };
}

/** The candidates from here on belong to `ufrag`. */
export function beginUfrag(batch: CandidateBatch, ufrag: string): BegunBatch {
  const { present, parked } = batch;
  if (present?.ufrag === ufrag) return { ...batch, present };
  const fresh: CandidateList = { ufrag, list: [], taken: 0, ended: false, endTaken: false };
  const others = (present === undefined ? parked : [...parked, present]).filter((one) => one.ufrag !== ufrag);
  const revived = parked.find((one) => one.ufrag === ufrag) ?? fresh;
  return { ...batch, present: revived, parked: others.slice(-maxParked) };
}

/** One more candidate of `ufrag`. What comes after the end, is too long, or too much, is dropped. */
export function gather(batch: CandidateBatch, ufrag: string, candidate: IceCandidateSignal): CandidateBatch {
  const begun = beginUfrag(batch, ufrag);
  const { present } = begun;
  const tooLong = new TextEncoder().encode(candidate.candidate).length > maxCandidateBytes;
  if (present.ended || tooLong || present.list.length >= maxPerUfrag) return begun;
  return { ...begun, present: { ...present, list: [...present.list, candidate] } };
}

/** No more will come for the present ufrag. */
export function endGathering(batch: CandidateBatch): CandidateBatch {
  const { present } = batch;
  return present === undefined ? batch : { ...batch, present: { ...present, ended: true } };
}

/** Everything of the present ufrag that is not taken yet, in signals of at most 64. PROTOCOL D5, RFC 8838. */
export function flush(batch: CandidateBatch): [CandidateBatch, readonly CandidatesSignal[]] {
  const { present, generation } = batch;
  if (present === undefined) return [batch, []];
  const end = present.ended && !present.endTaken;
  if (present.taken === present.list.length && !end) return [batch, []];
  const taken = { ...present, taken: present.list.length, endTaken: present.ended };
  return [{ ...batch, present: taken }, toSignals(generation, present, present.taken, end)];
}

/** Everything of the present ufrag that was taken before, for a peer that may have missed it. PROTOCOL 1.6. */
export function again({ present, generation }: CandidateBatch): readonly CandidatesSignal[] {
  if (present === undefined || (present.taken === 0 && !present.endTaken)) return [];
  const sent = { ...present, list: present.list.slice(0, present.taken) };
  return toSignals(generation, sent, 0, present.endTaken);
}

function toSignals(
  generation: number,
  { ufrag, list }: CandidateList,
  from: number,
  end: boolean,
): CandidatesSignal[] {
  const signals: CandidatesSignal[] = [];
  for (let firstIndex = from; firstIndex < list.length || signals.length === 0; firstIndex += maxPerSignal) {
    const until = firstIndex + maxPerSignal;
    const part = list.slice(firstIndex, until);
    signals.push({ generation, ufrag, firstIndex, list: part, end: end && until >= list.length });
  }
  return signals;
}
