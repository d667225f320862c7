import { defaultServerLimits } from "../config/defaults.ts";
import { ServerError } from "../errors/server-error.ts";
import { createMemoryStore } from "../store/memory.ts";
import type { Store } from "../store/port.ts";
import type { TestEndpoint } from "./endpoint.ts";
import { type Harness, type HarnessOptions, startHarness } from "./harness.ts";
import { createVirtualClock } from "./virtual-clock.ts";

/** Servers that follow each other on one store, which outlives them. */
export interface Nodes {
  /** The one that runs now. */
  harness(): Harness;
  /** It stops between two of its transactions: after `commits` more of them nothing it does has an effect. */
  killAfter(commits: number): void;
  /** Kills it at once, and starts the next one. */
  replace(): Promise<void>;
  /** The same endpoint at the server that runs now, with its cursor. */
  back(endpoint: TestEndpoint): Promise<TestEndpoint>;
  close(): Promise<void>;
}

export async function startNodes(options: HarnessOptions = {}): Promise<Nodes> {
  const clock = createVirtualClock();
  const caps = { maxEvents: defaultServerLimits.mailboxEvents, maxBytes: defaultServerLimits.mailboxBytes };
  const store = createMemoryStore({ clock, caps });
  const all: { readonly harness: Harness; readonly mortal: MortalStore }[] = [];
  const start = async () => {
    const mortal = createMortalStore(store);
    all.push({ mortal, harness: await startHarness({ ...options, clock, store: mortal.store }) });
  };
  const last = () => {
    const node = all.at(-1);
    if (!node) throw new Error("no server");
    return node;
  };
  await start();
  return {
    harness: () => last().harness,
    killAfter: (commits) => last().mortal.killAfter(commits),
    async replace() {
      last().mortal.killAfter(0);
      await start();
    },
    back(endpoint) {
      const resume = { epoch: endpoint.hello().epoch, offset: BigInt(endpoint.events.length) };
      return last().harness.open(endpoint.user, { endpointId: endpoint.endpointId, resume });
    },
    async close() {
      for (const { harness } of all) await harness.close();
      await store.close();
    },
  };
}

interface MortalStore {
  readonly store: Store;
  killAfter(commits: number): void;
}

function createMortalStore(store: Store): MortalStore {
  let left = Number.POSITIVE_INFINITY;
  const assertAlive = () => {
    if (left <= 0) throw new ServerError("store-unavailable", "This process is gone.");
  };
  return {
    killAfter(commits) {
      left = commits;
    },
    store: {
      ...store,
      async transact(body) {
        assertAlive();
        const result = await store.transact(body);
        left -= 1;
        return result;
      },
      async read(name, after, max) {
        assertAlive();
        return await store.read(name, after, max);
      },
      async close() {},
    },
  };
}
