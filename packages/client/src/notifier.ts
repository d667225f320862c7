/** A value that is computed when asked, kept until it changes, and announced once for changes that come together. */
export interface Notifier<T> {
  current(): T;
  changed(): void;
  subscribe(listener: (value: T) => void): () => void;
}

export function createNotifier<T>(read: () => T): Notifier<T> {
  const listeners = new Set<(value: T) => void>();
  let kept: { readonly value: T } | undefined;
  let scheduled = false;

  function current(): T {
    kept ??= { value: read() };
    return kept.value;
  }

  function announce(): void {
    scheduled = false;
    for (const listener of listeners) listener(current());
  }

  return {
    current,
    changed() {
      kept = undefined;
      if (scheduled) return;
      scheduled = true;
      queueMicrotask(announce);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
