import { type ReadonlySignal, signal } from "@preact/signals";
import { type LabEntry, type LabSignal, withEntry } from "./lab-log.ts";

/** The log of the test page. */
export interface LabJournal {
  /** When the page was opened, in ms: times in the log count from here. */
  readonly startedAt: number;
  readonly entries: ReadonlySignal<readonly LabEntry[]>;
  say(text: string): void;
  note(signal: LabSignal): void;
  clear(): void;
}

export function createLabJournal(now: () => number): LabJournal {
  const entries = signal<readonly LabEntry[]>([]);
  let lastId = 0;
  const add = (entry: LabEntry) => {
    entries.value = withEntry(entries.value, entry);
  };
  return {
    startedAt: now(),
    entries,
    say: (text) => add({ kind: "line", id: ++lastId, at: now(), text }),
    note: (observed) => add({ kind: "signal", id: ++lastId, at: observed.at, signal: observed }),
    clear() {
      entries.value = [];
    },
  };
}
