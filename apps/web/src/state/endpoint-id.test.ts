import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { claimEndpointId, type EndpointIdPorts, endpointPatienceMs, randomId } from "./endpoint-id.ts";

const stored = "a".repeat(32);
const fresh = "b".repeat(32);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Locks that pages share; a taken one stays taken. */
function createLocks(taken: readonly string[] = []): {
  readonly names: Set<string>;
  readonly request: unknown;
} {
  const names = new Set(taken);
  const request = (name: string, { signal }: LockOptions, run: (lock: object) => Promise<unknown>) => {
    if (!names.has(name)) {
      names.add(name);
      return run({});
    }
    return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  };
  return { names, request };
}

function createPorts(entries: Record<string, string>, locks: ReturnType<typeof createLocks> | undefined) {
  const kept = new Map(Object.entries(entries));
  const ports: EndpointIdPorts = {
    storage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) },
    locks: locks as EndpointIdPorts["locks"],
    held: new Set(),
    newId: () => fresh,
  };
  return { kept, ports };
}

test("a first visit makes an id, keeps it and holds it", async () => {
  const locks = createLocks();
  const { kept, ports } = createPorts({}, locks);
  expect(await claimEndpointId("ana", ports)).toBe(fresh);
  expect([...kept]).toEqual([["peerline.endpoint.ana", fresh]]);
  expect([...locks.names]).toEqual([`endpoint:${fresh}`]);
});

test("a reload comes back with the same id", async () => {
  const { ports } = createPorts({ "peerline.endpoint.ana": stored }, createLocks());
  expect(await claimEndpointId("ana", ports)).toBe(stored);
});

test("a duplicated tab gets an id of its own, and keeps that one", async () => {
  const locks = createLocks([`endpoint:${stored}`]);
  const { kept, ports } = createPorts({ "peerline.endpoint.ana": stored }, locks);
  const claimed = claimEndpointId("ana", ports);
  await vi.advanceTimersByTimeAsync(endpointPatienceMs);
  expect(await claimed).toBe(fresh);
  expect(kept.get("peerline.endpoint.ana")).toBe(fresh);
});

test("locks that never answer cost twice the patience, and no session", async () => {
  const silent = { names: new Set<string>(), request: () => new Promise(() => {}) };
  const { ports } = createPorts({ "peerline.endpoint.ana": stored }, silent);
  const claimed = claimEndpointId("ana", ports);
  await vi.advanceTimersByTimeAsync(2 * endpointPatienceMs);
  expect(await claimed).toBe(fresh);
});

test("another person in the same tab is another endpoint", async () => {
  const { kept, ports } = createPorts({ "peerline.endpoint.ana": stored }, createLocks());
  expect(await claimEndpointId("ben", ports)).toBe(fresh);
  expect(kept.get("peerline.endpoint.ana")).toBe(stored);
});

test("what is no id is not taken for one", async () => {
  const { ports } = createPorts({ "peerline.endpoint.ana": "not an id" }, createLocks());
  expect(await claimEndpointId("ana", ports)).toBe(fresh);
});

test("a page without locks keeps its id", async () => {
  const { ports } = createPorts({ "peerline.endpoint.ana": stored }, undefined);
  expect(await claimEndpointId("ana", ports)).toBe(stored);
});

test("a page that opens its session again, after another tab had it, keeps its id", async () => {
  const { ports } = createPorts({}, createLocks());
  expect([await claimEndpointId("ana", ports), await claimEndpointId("ana", ports)]).toEqual([fresh, fresh]);
});

test("a random id is 32 hex digits, another each time", () => {
  expect(randomId()).toMatch(/^[0-9a-f]{32}$/);
  expect(randomId()).not.toBe(randomId());
});
