import { type Duration, durationMs } from "@bufbuild/protobuf/wkt";

/** The longest delay of a platform's timer, in ms: 24 days. Nothing that a server asks for is meant to be longer. */
const longestMs = 2 ** 31 - 1;

/** A length of time that the server gave, in ms: from 0 to `atMost`, whatever it said. Absent: undefined. */
export function lengthMs(duration: Duration | undefined, atMost = longestMs): number | undefined {
  return duration && Math.min(atMost, Math.max(0, durationMs(duration)));
}

/** A server that asks for a longer pause than this is asked sooner, in ms. */
export const longestPauseMs = 300_000;

/** A deadline of the client's that is longer than this is none, in ms. */
export const longestDeadlineMs = 600_000;
