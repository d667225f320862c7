import { expect, test } from "vitest";
import { createListeners } from "./listeners.ts";

function broken(): never {
  throw new TypeError("broken");
}

test("one that throws, or whose promise is rejected, is reported, and the others hear", async () => {
  const reported: unknown[] = [];
  const heard: number[] = [];
  const listeners = createListeners<number>((...args) => reported.push(args));
  listeners.add(broken);
  listeners.add(() => Promise.reject(new TypeError("later")));
  listeners.add((value) => heard.push(value));
  listeners.tell(() => 1);
  await Promise.resolve();
  expect([heard, reported]).toEqual([
    [1],
    [
      ["subscribe", new TypeError("broken")],
      ["subscribe", new TypeError("later")],
    ],
  ]);
});

test("one that leaves and comes back each time is called once each time", () => {
  const listeners = createListeners<number>(broken);
  let calls = 0;
  const listener = () => {
    calls += 1;
    leave();
    leave = listeners.add(listener);
  };
  let leave = listeners.add(listener);
  listeners.tell(() => 1);
  listeners.tell(() => 2);
  expect(calls).toBe(2);
});

test("one that another has thrown out is not called any more", () => {
  const listeners = createListeners<number>(broken);
  const heard: string[] = [];
  listeners.add(() => {
    heard.push("first");
    leave();
  });
  const leave = listeners.add(() => heard.push("second"));
  listeners.tell(() => 1);
  expect(heard).toEqual(["first"]);
});
