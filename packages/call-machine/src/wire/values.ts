/**
 * The decoder of single values that a peer or the server gave: what comes out is in this code's types and ranges, whatever came
 * in. What cannot be used is `undefined`, so that the rest is shown without it. None throws.
 */

interface Seconds {
  readonly seconds: bigint;
  readonly nanos: number;
}

const msPerSecond = 1_000;
const nsPerMs = 1_000_000;
const nsPerSecond = 1_000_000_000;
/** Timers of a longer delay fire at once. */
const longestDelayMs = 2 ** 31 - 1;
/** The last moment that a `Timestamp` may name, the end of the year 9999. */
const lastMomentMs = 253_402_300_799_999;
/** What counts connections or offers of a call never comes near, and still fits the wire when it is increased. */
const maxCount = 2 ** 31 - 1;
const maxNameLength = 256;

/** A moment by the giver's clock, in whole ms since 1970: a `Date` can be made of it. */
export function momentMs(timestamp: Seconds | undefined): number | undefined {
  if (timestamp === undefined || !isNanos(timestamp.nanos)) return undefined;
  const ms = Number(timestamp.seconds) * msPerSecond + Math.floor(timestamp.nanos / nsPerMs);
  return isMoment(ms) ? ms : undefined;
}

/** Whether a number read from elsewhere can be a moment in ms since 1970. */
export function isMoment(ms: unknown): ms is number {
  return typeof ms === "number" && ms >= 0 && ms <= lastMomentMs;
}

/** A length in ms that a timer takes. Absent and negative read as 0, what is too long as the longest. */
export function durationMs(duration: Seconds | undefined): number {
  if (duration === undefined) return 0;
  const ms = Number(duration.seconds) * msPerSecond + duration.nanos / nsPerMs;
  return Math.min(Math.max(0, ms), longestDelayMs);
}

/** The number of a connection, an offer or a revision. `undefined`: no such number was ever given. */
export function countFrom(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= maxCount ? Math.floor(value) : undefined;
}

/** A name for one line of a screen; `undefined` when there is nothing to see in it. */
export function nameFrom(text: string): string | undefined {
  const name = wellFormed(text.slice(0, maxNameLength)).replace(unseen, "").replace(spaces, " ").trim();
  return hasContent(name) ? name : undefined;
}

/** Lines of text; `undefined` when there is nothing to see in them. */
export function textFrom(text: string): string | undefined {
  const lines = wellFormed(text).replace(lineEnds, "\n").replace(unseen, "");
  return hasContent(lines) ? lines : undefined;
}

const lineEnds = /\r\n?|[\u0085\u2028\u2029]/g;
const spaces = /\s+/g;
/** Controls but for tab and line feed, and what turns the direction of the text after it or stays without an end. */
const unseen = /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufeff]/gu;
/** Letters and symbols that are blank. */
const blanks = /[\u115f\u1160\u2800\u3164\uffa0]/g;

function hasContent(text: string): boolean {
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(text.replace(blanks, ""));
}

/** A half of a surrogate pair is no character. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}

function isNanos(nanos: number): boolean {
  return nanos >= 0 && nanos < nsPerSecond;
}
