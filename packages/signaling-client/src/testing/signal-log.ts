/** Things that happened, in order, and a way to wait for them without a timer. */
export interface SignalLog<T> {
  readonly all: readonly T[];
  push(item: T): void;
  /** Resolves as soon as `isDone` holds for the whole log; at once when it does already. */
  until(isDone: (all: readonly T[]) => boolean): Promise<void>;
  /** Resolves with the first item that fits, past or future. */
  first(fits: (item: T) => boolean): Promise<T>;
}

export function signalLog<T>(): SignalLog<T> {
  const all: T[] = [];
  const waiting = new Set<() => void>();

  const until = (isDone: (items: readonly T[]) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!isDone(all)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });

  return {
    all,
    push(item) {
      all.push(item);
      for (const check of [...waiting]) check();
    },
    until,
    async first(fits) {
      await until((items) => items.some(fits));
      const item = all.find(fits);
      if (item === undefined) throw new Error("the log lost an item");
      return item;
    },
  };
}
