import type { TabMessage } from "../tabs/tab-decision.ts";
import type { TabChannel, TabPorts } from "../tabs/tab-desk.ts";
import { createFakeLocks } from "./fake-locks.ts";

/** A browser in which tabs share locks and channels, in memory. */
export interface FakeBrowser {
  /** Opens a tab. `storage` is kept over a reload, and copied when a tab is duplicated. */
  openTab(storage?: Map<string, string>): FakeTab;
}

export interface FakeTab {
  readonly ports: TabPorts;
  readonly storage: Map<string, string>;
  /** The page goes away: closed or about to be reloaded. */
  close(): void;
}

interface Ear {
  readonly name: string;
  readonly page: object;
  hear(message: TabMessage): void;
}

export function createFakeBrowser(): FakeBrowser {
  const locks = createFakeLocks();
  const ears = new Set<Ear>();

  function openChannel(name: string, page: object): TabChannel {
    const listeners = new Set<(event: { readonly data: unknown }) => void>();
    const ear: Ear = {
      name,
      page,
      hear(data) {
        for (const listener of listeners) listener({ data });
      },
    };
    ears.add(ear);
    return {
      postMessage(message) {
        for (const other of ears) {
          if (other.name === name && other !== ear) queueMicrotask(() => other.hear(message));
        }
      },
      addEventListener: (_, listener) => void listeners.add(listener),
      close: () => void ears.delete(ear),
    };
  }

  return {
    openTab(storage = new Map()) {
      const page = new EventTarget();
      return {
        storage,
        close() {
          page.dispatchEvent(new Event("pagehide"));
          for (const ear of ears) if (ear.page === page) ears.delete(ear);
          locks.drop(page);
        },
        ports: {
          page,
          locks: locks.of(page),
          openChannel: (name) => openChannel(name, page),
          storage: {
            getItem: (key) => storage.get(key) ?? null,
            setItem: (key, value) => void storage.set(key, value),
            removeItem: (key) => void storage.delete(key),
          },
        },
      };
    },
  };
}
