import { type Counters, grew, type Received, remember } from "./received.ts";

/** How often one looks what came in, in ms. */
export const lookEveryMs = 250;
/** Where sound or picture came in, neither they nor data for this long means that the path is gone. PROTOCOL 2.5. */
export const mediaSilenceMs = 1_000;
/** The same for a peer that sends no media: consent is checked every few seconds only. PROTOCOL 2.5. */
export const pathSilenceMs = 5_000;
const mediaStoppedMs = 2_000;
/** Sound, or picture, of which nothing came for this long does not come in: pictures of a screen come once a second. */
const kindSilenceMs = 1_250;
/** The peer may hold an acknowledgement back for 200 ms (RFC 9260 section 6.2). */
const acknowledgedWithinMs = 250;
const maxProbes = 2;
/** Looks that must find something before the connection is believed again. */
const proofsAfterSilence = 1;
/** More of them: what was on its way over the old path still arrives. */
const proofsAfterRestart = 3;

/** One value for sound, one for picture. */
export interface Incoming<T> {
  readonly audio: T;
  readonly video: T;
}

/** Whether a connected path delivers. Plain data; durations in ms, added up look by look, so clocks may jump. */
export interface Silence {
  /** As of the last look; `undefined`: never, or the platform does not count. */
  readonly received: Received | undefined;
  /** Since anything came that tells the path from a broken one. */
  readonly quietMs: number;
  /** Since sound came, and since a picture did. */
  readonly kindQuietMs: Incoming<number>;
  /** Sound or picture comes in, or did when the silence began. */
  readonly flowing: boolean;
  /** Questions sent since anything came. */
  readonly probes: number;
  /** Looks that found something since the doubt began. */
  readonly proofs: number;
  /** How many it takes; 0: the path is believed to deliver. */
  readonly needed: number;
  /** Nothing came for so long that the path is gone. */
  readonly lost: boolean;
}

/**
 * What is known of a path. `doubted`: an ICE restart began, and too little has come since to tell the new path from what was
 * on its way over the old one; it becomes one of the others after `pathSilenceMs` without news.
 */
export type PathVerdict = "delivers" | "doubted" | "silent";

/** One look. */
export interface Look {
  /** `undefined`: the platform does not count, or its answer has not come. */
  readonly received: Received | undefined;
  /** Since the look before. */
  readonly elapsedMs: number;
  /** The platform calls the connection connected, or on its way to be so again. */
  readonly connected: boolean;
  /** Something can be sent that the peer's stack acknowledges by itself. */
  readonly canProbe: boolean;
}

/** A connection that just became connected. */
export const believed: Silence = {
  received: undefined,
  quietMs: 0,
  kindQuietMs: { audio: mediaStoppedMs, video: mediaStoppedMs },
  flowing: false,
  probes: 0,
  proofs: 0,
  needed: 0,
  lost: false,
};

/**
 * Takes a look into account. `probe`: send something now, so that a peer that only stopped its media is told from a path
 * that is gone. A process that slept is not silence: each look counts for at most two turns.
 */
export function look(
  before: Silence,
  { received, elapsedMs, connected, canProbe }: Look,
): [Silence, { readonly probe: boolean }] {
  const counted = received ?? before.received;
  if (counted === undefined) return [believed, { probe: false }];
  const heard = hear(
    before,
    remember(before.received, counted),
    Math.min(Math.max(elapsedMs, 0), 2 * lookEveryMs),
  );
  const mayJudgeSoon = heard.flowing && canProbe && heard.needed === 0;
  const limitMs = mayJudgeSoon ? answerLimitMs(counted) : pathSilenceMs;
  const lost = connected && !heard.lost && heard.quietMs >= limitMs;
  const state = lost
    ? { ...heard, lost, needed: Math.max(heard.needed, proofsAfterSilence), proofs: 0 }
    : heard;
  // Where the path is in doubt, an answer ends it: it is asked for at once.
  const probe = connected && canProbe && isDue(state, state.needed > 0 ? mediaSilenceMs : limitMs);
  return [probe ? { ...state, probes: state.probes + 1 } : state, { probe }];
}

/**
 * An ICE restart begins: that the platform calls the connection connected means nothing until things come in again, or a look
 * shows that it does not count.
 */
export function doubt(before: Silence): Silence {
  return { ...before, needed: proofsAfterRestart, proofs: 0 };
}

/** Whether a connection that the platform calls connected is. */
export function verdict({ needed, lost }: Silence): PathVerdict {
  if (lost) return "silent";
  return needed === 0 ? "delivers" : "doubted";
}

/** Which kinds of media come in. */
export function incoming({ kindQuietMs: { audio, video } }: Silence): Incoming<boolean> {
  return { audio: audio < kindSilenceMs, video: video < kindSilenceMs };
}

function hear(before: Silence, received: Received, elapsedMs: number): Silence {
  const last = before.received;
  const arrives = (of: (received: Received) => Counters) =>
    last !== undefined && grew(of(last), of(received));
  const sound = arrives(({ audio }) => audio);
  const picture = arrives(({ video }) => video);
  const media = sound || picture;
  const payload = media || arrives(({ payload }) => payload);
  // A check may be answered on a pair over which the peer cannot send: where media flowed, an answer proves nothing.
  const anything = payload || (!before.flowing && arrives(({ answers }) => answers));
  const quietMs = anything ? 0 : before.quietMs + elapsedMs;
  const kindQuietMs = {
    audio: sound ? 0 : before.kindQuietMs.audio + elapsedMs,
    video: picture ? 0 : before.kindQuietMs.video + elapsedMs,
  };
  const stopped = Math.min(kindQuietMs.audio, kindQuietMs.video) >= mediaStoppedMs;
  const proofs = proofsOf(before, anything, quietMs);
  const proven = proofs >= before.needed;
  return {
    received,
    quietMs,
    kindQuietMs,
    flowing: media || (before.flowing && !(anything && stopped)),
    probes: anything ? 0 : before.probes,
    proofs: proven ? 0 : proofs,
    needed: proven ? 0 : before.needed,
    lost: before.lost && !proven,
  };
}

function proofsOf({ proofs }: Silence, anything: boolean, quietMs: number): number {
  if (anything) return proofs + 1;
  return quietMs >= pathSilenceMs ? 0 : proofs;
}

/** When a question would have been answered. Without one silence is no evidence of its own. */
function answerLimitMs({ rttMs = 0 }: Received): number {
  const answeredMs = mediaSilenceMs / 2 + acknowledgedWithinMs + 2 * rttMs;
  return Math.min(pathSilenceMs, Math.max(mediaSilenceMs, answeredMs));
}

/** At a half and at three quarters of the limit. */
function isDue({ quietMs, probes }: Silence, limitMs: number): boolean {
  return probes < maxProbes && quietMs >= (limitMs * (maxProbes + probes)) / (2 * maxProbes);
}
