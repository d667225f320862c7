import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createFakeLocks } from "../testing/fake-locks.ts";
import { type LockWish, lockAnswerMs, type PageLocks, requestLock } from "./page-locks.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const silence = { afterMs: lockAnswerMs, means: "granted" } as const;

/** A wish, what it was told, and the way to give the lock back. */
function ask(locks: PageLocks, how: LockWish["how"], options: Pick<LockWish, "silence"> = {}) {
  const told: string[] = [];
  const stop = new AbortController();
  requestLock(
    locks,
    { name: "a", how, signal: stop.signal, ...options },
    {
      granted: () => told.push("granted"),
      taken: () => told.push("taken"),
      lost: () => told.push("lost"),
    },
  );
  return { told, stop };
}

/** Locks that answer every request like this. */
function locksThat(request: (run: (lock: unknown) => unknown) => unknown): PageLocks {
  return { request: (...parts: unknown[]) => request(parts.at(-1) as () => unknown) } as unknown as PageLocks;
}

const broken: Record<string, PageLocks> = {
  "no locks": undefined,
  "a request that throws": locksThat(() => {
    throw new DOMException("site data is blocked", "SecurityError");
  }),
  "a request that rejects": locksThat(() => Promise.reject(new DOMException("blocked", "SecurityError"))),
  "a request that rejects with nothing": locksThat(() => Promise.reject()),
  "a request that gives nothing": locksThat(() => undefined),
  "a request that never answers": locksThat(() => new Promise(() => {})),
};

describe.each(Object.entries(broken))("with %s", (_, locks) => {
  test.each(["try", "steal"] as const)("a page that wants to %s goes on as if it had it", async (how) => {
    const { told } = ask(locks, how, { silence });
    await vi.advanceTimersByTimeAsync(lockAnswerMs);
    expect(told).toEqual(["granted"]);
  });

  test("a page that has gone meanwhile hears nothing more", async () => {
    const { told, stop } = ask(locks, "steal", { silence });
    told.length = 0;
    stop.abort();
    await vi.advanceTimersByTimeAsync(lockAnswerMs);
    expect(told).toEqual([]);
  });
});

test("a free lock is granted and held until it is given back", async () => {
  const locks = createFakeLocks().of({});
  const first = ask(locks, "try");
  await vi.advanceTimersByTimeAsync(0);
  const second = ask(locks, "try");
  const third = ask(locks, "wait");
  await vi.advanceTimersByTimeAsync(0);
  expect([first.told, second.told, third.told]).toEqual([["granted"], ["taken"], []]);
  first.stop.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect([first.told, third.told]).toEqual([["granted"], ["granted"]]);
});

test("who loses a lock to a thief is told", async () => {
  const locks = createFakeLocks().of({});
  const first = ask(locks, "try");
  await vi.advanceTimersByTimeAsync(0);
  const thief = ask(locks, "steal");
  await vi.advanceTimersByTimeAsync(0);
  expect([first.told, thief.told]).toEqual([["granted", "lost"], ["granted"]]);
});

test("a wait that has an end gives up its place", async () => {
  const locks = createFakeLocks().of({});
  const first = ask(locks, "try");
  await vi.advanceTimersByTimeAsync(0);
  const patient = ask(locks, "wait", { silence: { afterMs: 400, means: "taken" } });
  await vi.advanceTimersByTimeAsync(400);
  first.stop.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(patient.told).toEqual(["taken"]);
  const next = ask(locks, "try");
  await vi.advanceTimersByTimeAsync(0);
  expect(next.told).toEqual(["granted"]);
});

test("an answer that comes late changes nothing, and the lock is held from then on", async () => {
  let run: ((lock: unknown) => unknown) | undefined;
  const late = locksThat((callback) => {
    run = callback;
    return new Promise(() => {});
  });
  const { told } = ask(late, "try", { silence });
  await vi.advanceTimersByTimeAsync(lockAnswerMs);
  const held = run?.({});
  await vi.advanceTimersByTimeAsync(0);
  expect([told, held]).toEqual([["granted"], expect.any(Promise)]);
});
