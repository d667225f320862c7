import { expect, test } from "vitest";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { storeContract } from "./contract.ts";
import { createMemoryStore } from "./memory.ts";
import { key } from "./port.ts";

const caps = { maxEvents: 4, maxBytes: 1024 };

storeContract("memory", async () => {
  const clock = createVirtualClock();
  return { store: createMemoryStore({ clock, caps }), advance: clock.advance, maxEvents: caps.maxEvents };
});

test("expired values are freed and the sweep then stops", async () => {
  const clock = createVirtualClock();
  const store = createMemoryStore({ clock, caps });
  await store.transact(async (tx) => tx.set(key("a"), 1, { ttlMs: 1000 }));
  expect(clock.pending()).toBe(1);
  await clock.advance(120_000);
  expect(clock.pending()).toBe(0);
  await store.close();
});

test("a transaction that never gets through fails and says to try again", async () => {
  const clock = createVirtualClock();
  const store = createMemoryStore({ clock, caps });
  const a = key<number>("a");
  const stuck = store.transact(async (tx) => {
    const seen = (await tx.get(a)) ?? 0;
    await store.transact(async (other) => other.set(a, seen + 1));
    tx.set(a, 0);
  });
  await expect(stuck).rejects.toMatchObject({ code: "store-unavailable" });
  await store.close();
});
