import { guard, type Report } from "./guard.ts";

/** Subscribers, none of whom hears of another's failure. */
export interface Listeners<T> {
  /** Returns the way out. One that is added while others are told hears the next time. */
  add(listener: (value: T) => void): () => void;
  /** Calls each one that has not left; `read` gives the value of the moment. */
  tell(read: () => T): void;
}

/** What a listener throws, or its promise is rejected with, goes to `report`. */
export function createListeners<T>(report: Report): Listeners<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    add(listener) {
      const guarded = guard(report, "subscribe", listener);
      listeners.add(guarded);
      return () => void listeners.delete(guarded);
    },
    tell(read) {
      for (const listener of [...listeners]) if (listeners.has(listener)) listener(read());
    },
  };
}
