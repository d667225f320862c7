import type { CallEnd } from "@peerline/call-machine";

/** What the process tells a script. */
export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  /** The server cannot be reached, or does not take the sign-in. */
  noServer: 3,
  /** Not answered, declined or busy. */
  notTaken: 4,
  /** Connected, but no media came. */
  noMedia: 5,
  timeout: 124,
  interrupted: 130,
} as const;

const mediaFailures: ReadonlySet<CallEnd["reason"]> = new Set([
  "connect-failed",
  "media-lost",
  "negotiation-failed",
  "incompatible",
  "security",
]);

/** The code for a call that is over. `heard`: media or data of the other side arrived. */
export function exitCodeOf(end: Pick<CallEnd, "reason" | "talkedMs">, heard: boolean): number {
  if (mediaFailures.has(end.reason)) return exitCodes.noMedia;
  if (end.talkedMs === undefined) return exitCodes.notTaken;
  return heard ? exitCodes.ok : exitCodes.noMedia;
}
