import { expect, test } from "vitest";
import { createTaskQueue } from "./delivery.ts";

test("a task that is posted by a running one waits for it", () => {
  const order: string[] = [];
  const queue = createTaskQueue(() => undefined);
  queue.post(() => {
    queue.post(() => order.push("inner"));
    order.push("outer");
  });
  expect(order).toEqual(["outer", "inner"]);
});

test("an exception is reported and stops nothing", () => {
  const seen: unknown[] = [];
  const queue = createTaskQueue((error) => seen.push(error));
  queue.post(() => {
    throw new RangeError("bad");
  });
  queue.post(() => seen.push("next"));
  expect(seen).toEqual([new RangeError("bad"), "next"]);
});

test("nothing runs after the close, not even what waited", () => {
  const ran: string[] = [];
  const queue = createTaskQueue(() => undefined);
  queue.post(() => {
    queue.post(() => ran.push("waited"));
    queue.close();
    queue.post(() => ran.push("late"));
  });
  expect(ran).toEqual([]);
});
