import type { CallEnd } from "@peerline/call-machine";
import { PeerlineError } from "@peerline/client";

/** What the process tells a script. */
export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  /** The server is not reached, or refuses for good. */
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

/** The session that ended before its time, in the words of its trouble. */
export class SessionOver extends Error {
  override readonly name = "SessionOver";
}

/** The code for an error: an option that cannot work, a server that is not there or refuses, or else a defect. */
export function exitCodeOfError(error: unknown): number {
  if (error instanceof SessionOver) return exitCodes.noServer;
  if (!(error instanceof PeerlineError)) return exitCodes.unexpected;
  return error.code.startsWith("invalid-") ? exitCodes.usage : exitCodes.noServer;
}

/** The code for a call that is over. `heard`: media or data of the other side arrived. */
export function exitCodeOf(end: Pick<CallEnd, "reason" | "talkedMs">, heard: boolean): number {
  if (mediaFailures.has(end.reason)) return exitCodes.noMedia;
  if (end.talkedMs === undefined) return exitCodes.notTaken;
  return heard ? exitCodes.ok : exitCodes.noMedia;
}
