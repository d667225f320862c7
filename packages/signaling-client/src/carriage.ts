import type { SessionTiming } from "./timing.ts";

/** What brings the frames: one streamed response, or one answer after another. PROTOCOL 1.14. */
export type Carrier = "stream" | "poll";

/** What is known of the two carriers on this network, and what the application wants. */
export interface Carriage {
  /** `poll`: this platform cannot read a response before its end. */
  readonly only: Carrier | undefined;
  /** A tab that nobody looks at leaves the few connections of a browser to the others. Row 66. */
  readonly prefersPoll: boolean;
  /** Streams in a row that said no hello in time. */
  readonly mute: number;
  /** Streams in a row that broke soon after their hello. */
  readonly broken: number;
  /** `trying`: streaming does not work, the next attempt shows whether polling does. `on`: it does. */
  readonly fallback: "none" | "trying" | "on";
  /** While `on`: when streaming is tried again. */
  readonly probeAt: number;
}

export const anyCarriage: Carriage = {
  only: undefined,
  prefersPoll: false,
  mute: 0,
  broken: 0,
  fallback: "none",
  probeAt: Number.POSITIVE_INFINITY,
};

const muteStreams = 2;
const brokenStreams = 3;

/** The carrier of the next attempt. A probe waits for the end of a call, because it keeps signals waiting. */
export function carrierFor(carriage: Carriage, now: number, inCall: boolean): Carrier {
  if (carriage.only !== undefined) return carriage.only;
  if (carriage.prefersPoll || carriage.fallback === "trying") return "poll";
  if (carriage.fallback === "none") return "stream";
  return now >= carriage.probeAt && !inCall ? "stream" : "poll";
}

/** When a session that polls wants to try a stream, or Infinity. */
export function probeDueAt(carriage: Carriage, inCall: boolean): number {
  const probes = carriage.fallback === "on" && !carriage.prefersPoll && carriage.only === undefined;
  return probes && !inCall ? carriage.probeAt : Number.POSITIVE_INFINITY;
}

/** A hello came: two silent streams and a poll that answers mean a proxy that buffers. */
export function afterHello(
  carriage: Carriage,
  carrier: Carrier,
  now: number,
  timing: SessionTiming,
): Carriage {
  if (carrier === "stream") return { ...carriage, mute: 0, fallback: "none" };
  return carriage.fallback === "trying" ? fallenBack(carriage, now, timing) : carriage;
}

/** The attempt ended without a hello; `mute`: nothing at all was heard, rather than a refusal. */
export function afterAttempt(
  carriage: Carriage,
  attempt: { readonly carrier: Carrier; readonly mute: boolean },
  now: number,
  timing: SessionTiming,
): Carriage {
  if (attempt.carrier === "poll") {
    return carriage.fallback === "trying" ? { ...carriage, fallback: "none", mute: 0, broken: 0 } : carriage;
  }
  if (carriage.fallback === "on") return fallenBack(carriage, now, timing);
  const mute = attempt.mute ? carriage.mute + 1 : 0;
  return { ...carriage, mute, fallback: mute >= muteStreams ? "trying" : "none" };
}

/** A stream ended after its hello; `broken`: with no word of the server. */
export function afterStream(
  carriage: Carriage,
  life: { readonly livedMs: number; readonly broken: boolean },
  timing: SessionTiming,
): Carriage {
  const broken = life.broken && life.livedMs < timing.resetAfterMs ? carriage.broken + 1 : 0;
  return { ...carriage, broken, fallback: broken >= brokenStreams ? "trying" : "none" };
}

/** Another network: nothing is known of it. */
export function elsewhere({ only, prefersPoll }: Carriage): Carriage {
  return { ...anyCarriage, only, prefersPoll };
}

function fallenBack(carriage: Carriage, now: number, timing: SessionTiming): Carriage {
  return { ...carriage, fallback: "on", mute: 0, broken: 0, probeAt: now + timing.probeMs };
}
