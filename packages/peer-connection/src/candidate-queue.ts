import type { CandidatesSignal } from "@peerline/call-machine";

/** PROTOCOL 1.6: candidates of a description that has not come yet. */
export const maxHeld = 64;
/** How long they are held, in ms. */
export const holdMs = 30_000;
/** PROTOCOL race 40: a peer that never ends its candidates is taken to have ended them this long after the last one. */
export const silenceMs = 20_000;
const maxPerUfrag = 256;
const maxPast = 16;

/** One candidate, or with an empty `candidate` the end of its ufrag's list. */
interface Numbered {
  readonly ufrag: string;
  /** `end` for the end. */
  readonly index: number | "end";
  readonly init: RTCIceCandidateInit;
}

interface Held extends Numbered {
  readonly until: number;
}

/** The peer's candidates of one RTCPeerConnection, sorted by ICE generation. Plain data; times in ms. */
export interface CandidateQueue {
  /** The ufrags of the remote description; empty before the first. */
  readonly current: readonly string[];
  /** Ufrags of replaced descriptions: what comes for them is dropped. */
  readonly past: readonly string[];
  /** Of descriptions that have not come, in the order of arrival. */
  readonly held: readonly Held[];
  /** What the current ufrags have had, as `ufrag index`. */
  readonly seen: readonly string[];
  /** When something for the current description last came, or that description did. */
  readonly lastAt: number;
}

/** What the connection gets now, in order. */
export interface Release {
  readonly add: readonly RTCIceCandidateInit[];
  /** How many of `add` are candidates that had waited for their description. */
  readonly pending: number;
}

/** Nothing known yet. */
export const emptyQueue: CandidateQueue = { current: [], past: [], held: [], seen: [], lastAt: 0 };

/** Current ufrag: released. Older: dropped. Unknown: held. What came before is dropped by (ufrag, index). RFC 8838. */
export function receiveCandidates(
  queue: CandidateQueue,
  signal: CandidatesSignal,
  now: number,
): [CandidateQueue, Release] {
  if (queue.past.includes(signal.ufrag)) return [queue, nothing];
  const known = queue.current.includes(signal.ufrag) ? queue.seen : queue.held.map(nameOf);
  const fresh = numbered(signal).filter((one) => !known.includes(nameOf(one)));
  if (fresh.length === 0) return [queue, nothing];
  if (!queue.current.includes(signal.ufrag)) {
    const held = [...queue.held, ...fresh.map((one) => ({ ...one, until: now + holdMs }))];
    return [{ ...queue, held: held.slice(0, maxHeld) }, nothing];
  }
  const room = fresh.filter(({ index }) => index === "end" || index < maxPerUfrag);
  const seen = [...queue.seen, ...room.map(nameOf)];
  return [
    { ...queue, seen, lastAt: now },
    { add: room.map((one) => one.init), pending: 0 },
  ];
}

/** The remote description has these ufrags now: what was held for them is released, in the order it came. */
export function describeRemote(
  queue: CandidateQueue,
  ufrags: readonly string[],
  now: number,
): [CandidateQueue, Release] {
  if (ufrags.length === queue.current.length && ufrags.every((ufrag) => queue.current.includes(ufrag))) {
    return [queue, nothing];
  }
  const past = [...queue.past, ...queue.current].filter((ufrag) => !ufrags.includes(ufrag)).slice(-maxPast);
  const released = queue.held.filter((one) => ufrags.includes(one.ufrag));
  const held = queue.held.filter((one) => !ufrags.includes(one.ufrag));
  const kept = queue.seen.filter((name) => ufrags.some((ufrag) => name.startsWith(`${ufrag} `)));
  const next = { current: ufrags, past, held, seen: [...kept, ...released.map(nameOf)], lastAt: now };
  const pending = released.filter((one) => one.index !== "end").length;
  return [next, { add: released.map((one) => one.init), pending }];
}

/** Drops what was held too long, and ends a current list that has been silent for too long. */
export function expireCandidates(queue: CandidateQueue, now: number): [CandidateQueue, Release] {
  const held = queue.held.filter((one) => one.until > now);
  const silent = now - queue.lastAt >= silenceMs ? unended(queue).map(endOf) : [];
  const next = { ...queue, held, seen: [...queue.seen, ...silent.map(nameOf)] };
  return [next, { add: silent.map((one) => one.init), pending: 0 }];
}

/** When `expireCandidates` next has something to do; `undefined`: never, as things are. */
export function expiresAt(queue: CandidateQueue): number | undefined {
  const times = queue.held.map((one) => one.until);
  if (unended(queue).length > 0) times.push(queue.lastAt + silenceMs);
  return times.length === 0 ? undefined : Math.min(...times);
}

const nothing: Release = { add: [], pending: 0 };

function nameOf({ ufrag, index }: Numbered): string {
  return `${ufrag} ${index}`;
}

function unended({ current, seen }: CandidateQueue): string[] {
  return current.filter((ufrag) => !seen.includes(nameOf(endOf(ufrag))));
}

function endOf(ufrag: string): Numbered {
  const init = { candidate: "", sdpMid: "0", sdpMLineIndex: 0, usernameFragment: ufrag };
  return { ufrag, index: "end", init };
}

function numbered({ ufrag, firstIndex, list, end }: CandidatesSignal): Numbered[] {
  const candidates = list.map((one, position) => ({
    ufrag,
    index: firstIndex + position,
    init: { ...one, sdpMid: one.sdpMid === "" ? null : one.sdpMid, usernameFragment: ufrag },
  }));
  return end ? [...candidates, endOf(ufrag)] : candidates;
}
