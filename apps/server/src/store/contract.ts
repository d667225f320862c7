import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { key, type Store } from "./port.ts";

/** What an implementation under test gives: a fresh store, and a way to let time pass. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly advance: (ms: number) => Promise<void>;
  /** Caps that the store was made with. */
  readonly maxEvents: number;
}

const numberKey = key<number>("number");
const otherKey = key<number>("other");
const box = "endpoint@user";
const epoch = "00112233aabbccdd";
const bytes = (value: number) => new Uint8Array([value]);

type Subject = () => StoreUnderTest;

/** The one suite that every store must pass. PROTOCOL 1.3. */
export function storeContract(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`store contract: ${name}`, () => {
    let current: StoreUnderTest | undefined;
    const subject: Subject = () => {
      if (!current) throw new Error("no store yet");
      return current;
    };
    beforeEach(async () => {
      current = await create();
    });
    afterEach(() => subject().store.close());
    describe("values", () => valueSuite(subject));
    describe("conflicts", () => conflictSuite(subject));
    describe("mailboxes", () => mailboxSuite(subject));
  });
}

async function get(subject: Subject, name: typeof numberKey): Promise<number | undefined> {
  return await subject().store.transact((tx) => tx.get(name));
}

async function open(subject: Subject): Promise<void> {
  await subject().store.transact(async (tx) => tx.open(box, epoch));
}

function valueSuite(subject: Subject): void {
  test("a value is there after the commit, and gone after its deletion", async () => {
    expect(await get(subject, numberKey)).toBeUndefined();
    await subject().store.transact(async (tx) => tx.set(numberKey, 1));
    expect(await get(subject, numberKey)).toBe(1);
    await subject().store.transact(async (tx) => tx.delete(numberKey));
    expect(await get(subject, numberKey)).toBeUndefined();
  });

  test("a transaction reads its own writes", async () => {
    const seen = await subject().store.transact(async (tx) => {
      tx.set(numberKey, 1);
      const set = await tx.get(numberKey);
      tx.delete(numberKey);
      return [set, await tx.get(numberKey)];
    });
    expect(seen).toEqual([1, undefined]);
  });

  test("a body that throws writes nothing", async () => {
    const failing = subject().store.transact(async (tx) => {
      tx.set(numberKey, 1);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await get(subject, numberKey)).toBeUndefined();
  });

  test("a value with a time to live goes", async () => {
    await subject().store.transact(async (tx) => tx.set(numberKey, 1, { ttlMs: 1000 }));
    await subject().advance(999);
    expect(await get(subject, numberKey)).toBe(1);
    await subject().advance(1);
    expect(await get(subject, numberKey)).toBeUndefined();
  });
}

function conflictSuite(subject: Subject): void {
  test("concurrent read-modify-writes lose nothing", async () => {
    const add = () =>
      subject().store.transact(async (tx) => tx.set(numberKey, ((await tx.get(numberKey)) ?? 0) + 1));
    await Promise.all(Array.from({ length: 20 }, add));
    expect(await get(subject, numberKey)).toBe(20);
  });

  test("a change of something that was only read makes the body run again", async () => {
    let runs = 0;
    await subject().store.transact(async (tx) => {
      runs += 1;
      const seen = await tx.get(numberKey);
      if (runs === 1) await subject().store.transact(async (other) => other.set(numberKey, 7));
      tx.set(otherKey, seen ?? 0);
    });
    expect([runs, await get(subject, otherKey)]).toEqual([2, 7]);
  });

  test("two writes of one transaction become visible together", async () => {
    await subject().store.transact(async (tx) => {
      tx.set(numberKey, 1);
      tx.set(otherKey, 1);
    });
    const both = await subject().store.transact(async (tx) => [
      await tx.get(numberKey),
      await tx.get(otherKey),
    ]);
    expect(both).toEqual([1, 1]);
  });

  test("blind appends do not make each other run again", async () => {
    await open(subject);
    let runs = 0;
    await subject().store.transact(async (tx) => {
      runs += 1;
      tx.append(box, bytes(1));
      await subject().store.transact(async (other) => other.append(box, bytes(2)));
    });
    expect(runs).toBe(1);
    expect((await subject().store.read(box, 0, 10))?.entries?.map((entry) => entry.bytes[0])).toEqual([2, 1]);
  });

  test("the head shows the transaction's own appends, and a change of it makes the body run again", async () => {
    await open(subject);
    const tops: (number | undefined)[] = [];
    await subject().store.transact(async (tx) => {
      tx.append(box, bytes(1));
      tops.push((await tx.head(box))?.top);
      if (tops.length === 1) await subject().store.transact(async (other) => other.append(box, bytes(2)));
    });
    expect(tops).toEqual([1, 2]);
  });
}

function mailboxSuite(subject: Subject): void {
  test("appends get contiguous offsets, also from concurrent transactions", async () => {
    await open(subject);
    await Promise.all(
      [1, 2, 3].map((value) => subject().store.transact(async (tx) => tx.append(box, bytes(value)))),
    );
    const read = await subject().store.read(box, 0, 10);
    expect(read?.head).toEqual({ epoch, top: 3, trimmed: 0 });
    expect(read?.entries?.map(({ offset }) => offset)).toEqual([1, 2, 3]);
  });

  test("an append to a mailbox that is not open is dropped", async () => {
    await subject().store.transact(async (tx) => tx.append(box, bytes(1)));
    expect(await subject().store.read(box, 0, 10)).toBeUndefined();
  });

  test("opening again starts a new epoch at 0, dropping removes it", async () => {
    await open(subject);
    await subject().store.transact(async (tx) => tx.append(box, bytes(1)));
    await subject().store.transact(async (tx) => tx.open(box, "ffff"));
    expect((await subject().store.read(box, 0, 10))?.head).toEqual({ epoch: "ffff", top: 0, trimmed: 0 });
    await subject().store.transact(async (tx) => tx.drop(box));
    expect(await subject().store.read(box, 0, 10)).toBeUndefined();
  });

  test("what is trimmed is gone, and a read from there says so", async () => {
    await open(subject);
    await subject().store.transact(async (tx) => {
      for (const value of [1, 2, 3]) tx.append(box, bytes(value));
    });
    await subject().store.transact(async (tx) => tx.trim(box, 2));
    expect(await subject().store.read(box, 1, 10)).toEqual({
      head: { epoch, top: 3, trimmed: 2 },
      entries: undefined,
    });
    expect((await subject().store.read(box, 2, 10))?.entries).toEqual([{ offset: 3, bytes: bytes(3) }]);
  });

  test("a mailbox keeps at most its cap", async () => {
    await open(subject);
    const count = subject().maxEvents + 1;
    await subject().store.transact(async (tx) =>
      Array.from({ length: count }, (_, i) => tx.append(box, bytes(i))),
    );
    expect((await subject().store.read(box, count, 1))?.head).toEqual({ epoch, top: count, trimmed: 1 });
  });

  test("subscribers are woken after the commit, until they unsubscribe", async () => {
    await open(subject);
    const tops: (number | undefined)[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const unsubscribe = subject().store.subscribe(box, () => {
      void subject()
        .store.read(box, 0, 0)
        .then((read) => {
          tops.push(read?.head.top);
          resolve();
        });
    });
    await subject().store.transact(async (tx) => tx.append(box, bytes(1)));
    await promise;
    unsubscribe();
    await subject().store.transact(async (tx) => tx.append(box, bytes(2)));
    expect(tops).toEqual([1]);
  });
}
