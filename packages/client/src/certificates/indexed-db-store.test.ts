import { describe, expect, test } from "vitest";
import { createIndexedDbStore, forgetOlderThan } from "./indexed-db-store.ts";

function denied(): never {
  throw new DOMException("site data is blocked", "SecurityError");
}

/** A request that fails as soon as somebody listens. */
function refusedRequest(): IDBOpenDBRequest {
  const request = { error: new DOMException("no room", "QuotaExceededError") };
  return Object.defineProperty(request, "onerror", {
    set: (listen: () => void) => queueMicrotask(listen),
  }) as unknown as IDBOpenDBRequest;
}

const broken: Record<string, () => IDBFactory | null | undefined> = {
  "a getter that throws": denied,
  "no IndexedDB": () => undefined,
  "an IndexedDB that is null": () => null,
  "one that throws when it is opened": () => ({ open: denied }) as unknown as IDBFactory,
  "one that refuses to open": () => ({ open: refusedRequest }) as unknown as IDBFactory,
};

describe.each(Object.entries(broken))("with %s", (_, factory) => {
  test("a store is made, and each use of it is rejected", async () => {
    const store = createIndexedDbStore("e", factory);
    await expect(store.all()).rejects.toThrow();
    await expect(store.remove("call")).rejects.toThrow();
    await expect(forgetOlderThan(0, factory)).rejects.toThrow();
  });
});
