import type { PeerlineOptions } from "@peerline/client";
import { labTexts } from "./lab-texts.ts";

export type LabSignal = Parameters<NonNullable<PeerlineOptions["onSignal"]>>[0];

/** One row of the log: a signal on the wire, or what changed here. */
export type LabEntry =
  | { readonly kind: "signal"; readonly id: number; readonly at: number; readonly signal: LabSignal }
  | { readonly kind: "line"; readonly id: number; readonly at: number; readonly text: string };

/** The newest rows that are kept. */
export const keptEntries = 2_000;

/** The log with one more row, without the oldest when it is full. */
export function withEntry(entries: readonly LabEntry[], entry: LabEntry): readonly LabEntry[] {
  return [...entries, entry].slice(-keptEntries);
}

export interface LabCells {
  readonly time: string;
  readonly way: "sent" | "received" | undefined;
  readonly what: string;
  readonly size: string;
  readonly roundTrip: string;
}

const msPerSecond = 1_000;

/** A row in words; times are seconds since `startedAt` (ms). */
export function cellsOf(entry: LabEntry, startedAt: number): LabCells {
  const time = `+${((entry.at - startedAt) / msPerSecond).toFixed(3)}`;
  if (entry.kind === "line") return { time, way: undefined, what: entry.text, size: "", roundTrip: "" };
  const { direction, type, bytes, roundTripMs } = entry.signal;
  return {
    time,
    way: direction,
    what: type,
    size: labTexts.bytes(bytes),
    roundTrip: roundTripMs === undefined ? "" : labTexts.roundTrip(roundTripMs),
  };
}

const arrows = { sent: "→", received: "←" } as const;
const timeWidth = 10;

/** The whole log as text, one row per line. Holds types and sizes, never what the signals say. */
export function logText(entries: readonly LabEntry[], startedAt: number, title: string): string {
  const lines = entries.map((entry) => {
    const { time, way, what, size, roundTrip } = cellsOf(entry, startedAt);
    const arrow = way ? arrows[way] : "·";
    return [time.padStart(timeWidth), arrow, what, size, roundTrip].filter(Boolean).join(" ");
  });
  return [title, new Date(startedAt).toISOString(), ...lines, ""].join("\n");
}
