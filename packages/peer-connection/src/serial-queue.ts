import type { Deadlines } from "./deadlines.ts";

/** How long the others wait for one operation, in ms, unless it says otherwise. */
export const stepMs = 3_000;

/** Runs operations one after the other. */
export interface SerialQueue {
  /** Runs when everything added before has settled or had its time. A rejection goes to `onError`, and the queue goes on. */
  add(run: () => Promise<void> | void, limitMs?: number): void;
  /** What has not begun never begins. */
  close(): void;
}

/** `onError` gets what an operation threw; it must not throw itself. */
export function createSerialQueue(deadlines: Deadlines, onError: (thrown: unknown) => void): SerialQueue {
  let tail: Promise<void> = Promise.resolve();
  let closed = false;
  return {
    add(run, limitMs = stepMs) {
      const step = () => (closed ? undefined : deadlines.within(limitMs, "an operation", run));
      tail = tail.then(step).catch(onError);
    },
    close() {
      closed = true;
    },
  };
}
