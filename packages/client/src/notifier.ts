import { createListeners, type Report } from "@peerline/call-machine";

/** A value that is computed when asked, kept until it changes, and announced once for changes that come together. */
export interface Notifier<T> {
  current(): T;
  changed(): void;
  subscribe(listener: (value: T) => void): () => void;
}

/** What a listener throws goes to `report`; the others are called all the same. */
export function createNotifier<T>(read: () => T, report: Report): Notifier<T> {
  const listeners = createListeners<T>(report);
  let kept: { readonly value: T } | undefined;
  let scheduled = false;

  function current(): T {
    kept ??= { value: read() };
    return kept.value;
  }

  function announce(): void {
    scheduled = false;
    listeners.tell(current);
  }

  return {
    current,
    changed() {
      kept = undefined;
      if (scheduled) return;
      scheduled = true;
      queueMicrotask(announce);
    },
    subscribe: listeners.add,
  };
}
