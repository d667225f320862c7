import { expect, test } from "vitest";
import { createNotifier } from "./notifier.ts";

function fail(callback: string, thrown: unknown): never {
  throw new Error(`${callback} failed`, { cause: thrown });
}

test("changes that come together are announced once, with the last value", async () => {
  let value = 1;
  const notifier = createNotifier(() => value, fail);
  const seen: number[] = [];
  notifier.subscribe((now) => seen.push(now));
  value = 2;
  notifier.changed();
  value = 3;
  notifier.changed();
  expect(seen).toEqual([]);
  await Promise.resolve();
  expect(seen).toEqual([3]);
});

test("the value is the same object until it changes", () => {
  const notifier = createNotifier(() => ({}), fail);
  const first = notifier.current();
  expect(notifier.current()).toBe(first);
  notifier.changed();
  expect(notifier.current()).not.toBe(first);
});

test("a listener that left hears nothing", async () => {
  const notifier = createNotifier(() => 1, fail);
  const seen: number[] = [];
  notifier.subscribe((now) => seen.push(now))();
  notifier.changed();
  await Promise.resolve();
  expect(seen).toEqual([]);
});

test("a listener that throws is reported, and the others hear all the same", async () => {
  const reported: unknown[] = [];
  const notifier = createNotifier(
    () => 1,
    (callback, thrown) => reported.push([callback, thrown]),
  );
  const seen: number[] = [];
  const broken = () => {
    throw new TypeError("broken");
  };
  notifier.subscribe(broken);
  notifier.subscribe((now) => seen.push(now));
  for (let change = 0; change < 2; change++) {
    notifier.changed();
    await Promise.resolve();
  }
  const report = ["subscribe", new TypeError("broken")];
  expect([seen, reported]).toEqual([
    [1, 1],
    [report, report],
  ]);
});

test("a listener that was given twice hears twice, until each has left", async () => {
  const notifier = createNotifier(() => 1, fail);
  const seen: number[] = [];
  const listener = (now: number) => seen.push(now);
  const leave = notifier.subscribe(listener);
  notifier.subscribe(listener);
  notifier.changed();
  await Promise.resolve();
  leave();
  notifier.changed();
  await Promise.resolve();
  expect(seen).toEqual([1, 1, 1]);
});
