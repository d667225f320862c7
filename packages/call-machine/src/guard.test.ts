import { describe, expect, test } from "vitest";
import { guard, guardLogger, reportTo } from "./guard.ts";
import type { Logger } from "./ports.ts";

function broken(): never {
  throw new TypeError("broken");
}

const shapeless = { toString: broken };

describe("what a callback does wrong is reported, and its caller goes on", () => {
  test.each<[string, () => unknown, unknown]>([
    ["it throws", broken, new TypeError("broken")],
    [
      "it throws nothing",
      () => {
        throw undefined;
      },
      undefined,
    ],
    ["its promise is rejected", () => Promise.reject(new TypeError("later")), new TypeError("later")],
    ["its promise is rejected with nothing", () => Promise.reject(), undefined],
    [
      "it gives a thenable that rejects",
      // biome-ignore lint/suspicious/noThenProperty: what an application may give.
      () => ({ then: (_: unknown, reject: (reason: string) => void) => reject("no") }),
      "no",
    ],
    [
      "it gives what throws when it is looked at",
      () => new Proxy({}, { get: broken }),
      new TypeError("broken"),
    ],
  ])("%s", async (_name, callback, thrown) => {
    const reported: unknown[] = [];
    expect(guard((...args) => reported.push(args), "onThing", callback)()).toBeUndefined();
    for (let turn = 0; turn < 4; turn++) await Promise.resolve();
    expect(reported).toEqual([["onThing", thrown]]);
  });
});

test("a callback gets its arguments, and what it gives is dropped", () => {
  const given: unknown[] = [];
  expect(guard(broken, "onThing", (...args: unknown[]) => given.push(...args))(1, "a")).toBeUndefined();
  expect(given).toEqual([1, "a"]);
});

test("a logger that throws, or has no such method, is as good as none", () => {
  const reported: unknown[] = [];
  const logger = guardLogger({ info: broken, debug: () => undefined } as unknown as Logger, (name) =>
    reported.push(name),
  );
  logger.info("a");
  logger.debug("b");
  logger.warn("c");
  expect(reported).toEqual(["logger.info", "logger.warn"]);
});

test("a report names the callback, and gives what was thrown in words, whatever it is", () => {
  const lines: unknown[] = [];
  const log = (...args: unknown[]) => void lines.push(args);
  const report = reportTo({ debug: log, info: log, warn: log });
  for (const thrown of [
    new TypeError("broken"),
    undefined,
    shapeless,
    Object.create(null),
    "x".repeat(300),
  ]) {
    report("onThing", thrown);
  }
  expect(lines.map((line) => (line as [string, { error: string }])[1].error)).toEqual([
    "broken",
    "undefined",
    "something that has no text",
    "something that has no text",
    "x".repeat(200),
  ]);
});
