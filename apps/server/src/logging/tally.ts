import type { Clock, Logger } from "@peerline/call-machine";

/** Counts what may happen thousands of times a second, and logs it at a bounded rate. */
export interface Tally {
  /** `kind` comes from a fixed list of the server's own words. Fields are those of the first of each line. */
  note(kind: string, fields?: Readonly<Record<string, unknown>>): void;
  close(): void;
}

const everyMs = 10_000;

interface Waiting {
  count: number;
  fields: Readonly<Record<string, unknown>>;
}

/** The first of a kind is logged at once; those of the 10 s after it in one line, with their number. */
export function createTally(clock: Clock, log: Logger["info"], message: string): Tally {
  const kinds = new Map<string, Waiting>();
  const cancels = new Map<string, () => void>();
  const arm = (kind: string) => {
    cancels.set(
      kind,
      clock.setTimer(clock.now() + everyMs, () => settle(kind)),
    );
  };
  const settle = (kind: string) => {
    cancels.delete(kind);
    const waiting = kinds.get(kind);
    kinds.delete(kind);
    if (!waiting || waiting.count === 0) return;
    log(message, { reason: kind, count: waiting.count, ...waiting.fields });
    kinds.set(kind, { count: 0, fields: {} });
    arm(kind);
  };
  return {
    note(kind, fields = {}) {
      const waiting = kinds.get(kind);
      if (waiting) {
        if (waiting.count === 0) waiting.fields = fields;
        waiting.count += 1;
        return;
      }
      log(message, { reason: kind, count: 1, ...fields });
      kinds.set(kind, { count: 0, fields: {} });
      arm(kind);
    },
    close() {
      for (const cancel of cancels.values()) cancel();
      cancels.clear();
      kinds.clear();
    },
  };
}
