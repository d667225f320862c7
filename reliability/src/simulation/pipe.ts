/** A queue that one side fills and the other one iterates. */
export interface Pipe<T> {
  push(item: T): void;
  end(): void;
  fail(reason: unknown): void;
  readonly items: AsyncIterable<T>;
}

/** What is pushed after `end` or `fail` is dropped. What was pushed before a `fail` is still handed out. */
export function createPipe<T>(): Pipe<T> {
  const waiting: T[] = [];
  let over: { readonly reason?: unknown } | undefined;
  let wake = () => {};

  async function* iterate(): AsyncIterable<T> {
    for (;;) {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) yield item;
      if (over && "reason" in over) throw over.reason;
      if (over) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
  }

  const close = (how: { readonly reason?: unknown }) => {
    over ??= how;
    wake();
  };
  return {
    push(item) {
      if (over) return;
      waiting.push(item);
      wake();
    },
    end: () => close({}),
    fail: (reason) => close({ reason }),
    items: iterate(),
  };
}
