import { createMemoryStore } from "../store/memory.ts";
import type { Store } from "../store/port.ts";
import { createVirtualClock, settle, type VirtualClock } from "./virtual-clock.ts";

/** A memory store that tells a test when a carrier has begun to wait for a mailbox. */
export interface WatchedStore {
  readonly clock: VirtualClock;
  readonly store: Store;
  /** Resolves once `count` more streams and Polls than now are served. */
  served(count?: number): Promise<void>;
}

export function watchedStore(): WatchedStore {
  const clock = createVirtualClock();
  const inner = createMemoryStore({ clock, caps: { maxEvents: 512, maxBytes: 2 ** 20 } });
  let subscribed = 0;
  const store: Store = {
    ...inner,
    subscribe(mailbox, wake) {
      subscribed += 1;
      return inner.subscribe(mailbox, wake);
    },
  };
  return {
    clock,
    store,
    async served(count = 1) {
      const wanted = subscribed + count;
      while (subscribed < wanted) await settle();
      // The store answers without I/O: what follows the subscription is done now.
      await settle();
    },
  };
}
