import { createManualClock } from "@peerline/peer-connection/testing";
import { describe, expect, test } from "vitest";
import { createCertificateKeeper, keptForMs, readWithinMs } from "./certificate-keeper.ts";
import { type CertificateStore, createMemoryStore } from "./certificate-store.ts";

const [one, two] = ["01".repeat(16), "02".repeat(16)];
const yearMs = 365 * 24 * 3_600_000;

interface Named extends RTCCertificate {
  readonly name: string;
}

/** Certificates are named by the order in which they were made. */
function createWorld(store: CertificateStore = createMemoryStore(), clock = createManualClock()) {
  let made = 0;
  const keeper = createCertificateKeeper({
    store,
    clock,
    generate: async () => certificate(`certificate ${++made}`, clock.now() + yearMs),
  });
  const names = (callId: string) => keeper.of(callId)?.map((one) => (one as Named).name);
  return { clock, keeper, store, names };
}

function certificate(name: string, expires: number): Named {
  return { name, expires, getFingerprints: () => [] };
}

const turn = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};
const keptCalls = async (store: CertificateStore) => (await store.all()).map(({ callId }) => callId);

describe("a call's certificate", () => {
  test("is made ahead, the same each time, and another one for each call", async () => {
    const { names } = createWorld();
    await turn();
    expect(names(one)).toEqual(["certificate 1"]);
    await turn();
    expect([names(two), names(one)]).toEqual([["certificate 2"], ["certificate 1"]]);
  });

  test("that was not made in time never comes: the fingerprint must not change in a call", async () => {
    const { names } = createWorld();
    expect(names(one)).toBeUndefined();
    await turn();
    expect([names(one), names(two)]).toEqual([undefined, ["certificate 1"]]);
  });

  test("is the same after a reload, which waits until it is read", async () => {
    const { store, names, clock } = createWorld();
    await turn();
    expect(names(one)).toEqual(["certificate 1"]);
    const reloaded = createWorld(store, clock);
    await reloaded.keeper.ready;
    expect(reloaded.names(one)).toEqual(["certificate 1"]);
    expect(reloaded.keeper.of(one)?.[0]).toBe((await store.all())[0]?.certificate);
  });

  test("is forgotten when its call is over, and not before the call was restored", async () => {
    const { store, keeper, clock } = createWorld();
    await turn();
    keeper.of(one);
    const reloaded = createWorld(store, clock).keeper;
    await reloaded.ready;
    reloaded.keepOnly([]);
    expect(await keptCalls(store)).toEqual([one]);
    reloaded.keepOnly([one]);
    reloaded.keepOnly([one]);
    expect(await keptCalls(store)).toEqual([one]);
    reloaded.keepOnly([]);
    expect(await keptCalls(store)).toEqual([]);
  });

  test("is forgotten after 12 h, and when it ran out", async () => {
    const clock = createManualClock();
    const now = clock.now();
    const store = createMemoryStore([
      { callId: one, certificate: certificate("old", now + yearMs), since: now - keptForMs - 1 },
      { callId: two, certificate: certificate("out", now), since: now },
    ]);
    const { keeper, names } = createWorld(store, clock);
    await keeper.ready;
    await turn();
    expect([names(one), await keptCalls(store)]).toEqual([["certificate 1"], [one]]);
  });
});

describe("a store", () => {
  test("that does not answer holds nothing up for more than a second", async () => {
    const never = () => Promise.withResolvers<never>().promise;
    const { clock, keeper, names } = createWorld({ all: never, put: never, remove: never });
    let ready = false;
    void keeper.ready.then(() => {
      ready = true;
    });
    clock.advance(readWithinMs - 1);
    await turn();
    expect(ready).toBe(false);
    clock.advance(1);
    await turn();
    expect([ready, names(one)]).toEqual([true, ["certificate 1"]]);
  });

  test("that refuses leaves certificates for as long as the page lives", async () => {
    const refuse = () => Promise.reject(new TypeError("private mode"));
    const { clock, keeper, names } = createWorld({ all: refuse, put: refuse, remove: refuse });
    await keeper.ready;
    expect([names(one), names(one), clock.waiting]).toEqual([["certificate 1"], ["certificate 1"], 0]);
    keeper.keepOnly([one]);
    keeper.keepOnly([]);
    await turn();
    expect(names(one)).toEqual(["certificate 2"]);
  });

  test("keeps a platform that cannot make certificates from nothing: calls have none", async () => {
    const keeper = createCertificateKeeper({
      store: createMemoryStore(),
      clock: createManualClock(),
      generate: () => Promise.reject(new TypeError("not here")),
    });
    await keeper.ready;
    expect(keeper.of(one)).toBeUndefined();
  });
});
