import {
  type LastingFault,
  lastingFaults,
  type MomentaryFault,
  momentaryFaults,
} from "@peerline/client/faults";
import { durationHelp, parseDuration } from "./duration.ts";

/** One fault of a plan; times count from the moment when the first call is live. */
export type PlannedFault =
  | { readonly fault: MomentaryFault; readonly atMs: number }
  | { readonly fault: LastingFault; readonly atMs: number; readonly on: boolean };

/** What `--fault` takes, for its help. */
export const faultHelp = `<fault>@<time> or <fault>@<time>+<length>, several with commas: ${[
  ...momentaryFaults,
  ...lastingFaults,
].join(", ")}`;

const item = /^([a-z-]+)@([^+]+)(?:\+(.+))?$/;

/**
 * Reads "cut@5s,stall@10s+3s": cut 5 s into the first call, stall from 10 s to 13 s. Without a length a lasting fault stays. An
 * error says what is wrong with which part, and what would be right.
 */
export function parseFaultPlan(text: string): readonly PlannedFault[] {
  return text
    .split(",")
    .flatMap((part) => readItem(part.trim()))
    .sort((a, b) => a.atMs - b.atMs);
}

function readItem(part: string): readonly PlannedFault[] {
  const [, name = "", at = "", length] = item.exec(part) ?? [];
  if (name === "") throw new Error(`"${part}" is no fault: write it like "cut@5s" or "stall@10s+3s".`);
  const atMs = readTime(at, part);
  const momentary = momentaryFaults.find((fault) => fault === name);
  if (momentary) {
    if (length === undefined) return [{ fault: momentary, atMs }];
    throw new Error(`"${part}": ${name} happens at once and has no length. Write "${name}@${at}".`);
  }
  const lasting = lastingFaults.find((fault) => fault === name);
  if (!lasting) {
    throw new Error(`"${name}" is no fault: use ${[...momentaryFaults, ...lastingFaults].join(", ")}.`);
  }
  const begin = { fault: lasting, atMs, on: true };
  return length === undefined
    ? [begin]
    : [begin, { fault: lasting, atMs: atMs + readTime(length, part), on: false }];
}

function readTime(text: string, part: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new Error(`"${part}": "${text}" is no time. ${durationHelp}`);
  return ms;
}
