import { expect, test } from "vitest";
import { createNotifier } from "./notifier.ts";

test("changes that come together are announced once, with the last value", async () => {
  let value = 1;
  const notifier = createNotifier(() => value);
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
  const notifier = createNotifier(() => ({}));
  const first = notifier.current();
  expect(notifier.current()).toBe(first);
  notifier.changed();
  expect(notifier.current()).not.toBe(first);
});

test("a listener that left hears nothing", async () => {
  const notifier = createNotifier(() => 1);
  const seen: number[] = [];
  notifier.subscribe((now) => seen.push(now))();
  notifier.changed();
  await Promise.resolve();
  expect(seen).toEqual([]);
});
