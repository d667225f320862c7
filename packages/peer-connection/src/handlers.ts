/** Event handlers that can be let go of all at once. */
export interface Handlers {
  /** The handler to register in the place of `handler`: does the same until `release`. */
  on<A extends readonly unknown[]>(handler: (...args: A) => void): (...args: A) => void;
  /** None does anything any more, and what they held is free. */
  release(): void;
}

/**
 * For objects that outlive their use: libwebrtc in Node keeps a closed connection with its channels and their listeners for
 * ever. What is registered there then holds an empty slot instead of a whole call. What a handler throws goes to `onError`,
 * never to the platform.
 */
export function createHandlers(onError: (thrown: unknown) => void): Handlers {
  const emptiers: (() => void)[] = [];
  return {
    on<A extends readonly unknown[]>(handler: (...args: A) => void) {
      const slot: { handler: ((...args: A) => void) | undefined } = { handler: guarded(handler, onError) };
      emptiers.push(() => {
        slot.handler = undefined;
      });
      return forwardTo(slot);
    },
    release() {
      for (const empty of emptiers.splice(0)) empty();
    },
  };
}

/** Calls a function that may throw: someone else's, or one that reads what someone else made. */
export function guarded<A extends readonly unknown[]>(
  run: (...args: A) => void,
  onError: (thrown: unknown) => void,
): (...args: A) => void {
  return (...args) => {
    try {
      run(...args);
    } catch (thrown) {
      onError(thrown);
    }
  };
}

/** Apart, so that the function that is registered closes over the slot alone. */
function forwardTo<A extends readonly unknown[]>(slot: {
  readonly handler: ((...args: A) => void) | undefined;
}): (...args: A) => void {
  return (...args) => slot.handler?.(...args);
}
