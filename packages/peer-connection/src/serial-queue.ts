/** Runs operations one after the other. */
export interface SerialQueue {
  /** Runs when everything added before has settled. A rejection goes to `onError`, and the queue goes on. */
  add(run: () => Promise<void> | void): void;
  /** What has not begun never begins. */
  close(): void;
}

/** `onError` gets what an operation threw; it must not throw itself. */
export function createSerialQueue(onError: (thrown: unknown) => void): SerialQueue {
  let tail: Promise<void> = Promise.resolve();
  let closed = false;
  return {
    add(run) {
      tail = tail.then(() => (closed ? undefined : run())).catch(onError);
    },
    close() {
      closed = true;
    },
  };
}
