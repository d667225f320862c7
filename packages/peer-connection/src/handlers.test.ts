import { expect, test } from "vitest";
import { createHandlers } from "./handlers.ts";

test("a handler does what it stands for until it is released, and then nothing", () => {
  const heard: string[] = [];
  const handlers = createHandlers(() => undefined);
  const first = handlers.on((word: string) => void heard.push(word));
  const second = handlers.on(() => void heard.push("second"));
  first("one");
  second();
  handlers.release();
  first("two");
  second();
  expect(heard).toEqual(["one", "second"]);
});
