import { expect, test } from "vitest";
import { ServerError } from "./errors/server-error.ts";
import { guardedClock, guardedLogger } from "./guarded.ts";
import { createOutside, textOf } from "./outside.ts";
import { developmentPolicy, type Policy, remembering, rulesOf } from "./policy.ts";
import { createVirtualClock, settle } from "./testing/virtual-clock.ts";

const answerMs = 3_000;

function world() {
  const clock = createVirtualClock();
  const lines: unknown[] = [];
  const add = (message: string, fields: unknown) => lines.push([message, fields]);
  const outside = createOutside({ clock, logger: { debug: add, info: add, warn: add }, answerMs });
  return { clock, lines, outside };
}

const never = new Promise(() => {});
const thrown = (reason: unknown) => () => {
  throw reason;
};
/** What an operator's code may do; each is asked for an answer and gives none. */
const misbehaviors: readonly (readonly [string, () => unknown])[] = [
  ["throws", thrown(new Error("no database"))],
  ["throws undefined", thrown(undefined)],
  [
    "throws a value that cannot be shown",
    thrown({
      toString: thrown(new Error("twice")),
    }),
  ],
  ["rejects", async () => Promise.reject(new Error("no database"))],
  ["rejects with undefined", async () => Promise.reject(undefined)],
  ["never answers", () => never],
  // biome-ignore lint/suspicious/noThenProperty: what an operator may hand in
  ["gives a thenable that never settles", () => ({ then() {} })],
  // biome-ignore lint/suspicious/noThenProperty: what an operator may hand in
  ["gives a thenable that throws", () => ({ then: thrown(new Error("no")) })],
  [
    "gives an object whose getter throws",
    () => ({
      // biome-ignore lint/suspicious/noThenProperty: what an operator may hand in
      get then() {
        throw new Error("no");
      },
    }),
  ],
  ["gives undefined", () => undefined],
  ["gives a promise of null", async () => null],
  ["gives a number", () => Number.NaN],
  ["gives a word of its own", () => "maybe"],
  ["gives numbers", () => [1, 2, 3]],
  ["gives an iterable that throws", () => ({ [Symbol.iterator]: thrown(new Error("no")) })],
];

test.each(misbehaviors)("a policy that %s permits nothing, and shows nobody", async (_name, does) => {
  const { clock, lines, outside } = world();
  const bad: Policy = {
    mayCall: does as never,
    mayRelay: does as never,
    maySeePresence: does as never,
    contactsOf: does as never,
  };
  const rules = rulesOf(bad, outside);
  const codeOf = (reason: unknown) => (reason instanceof ServerError ? reason.code : reason);
  const answers = Promise.all([
    rules.mayCall("a", "b").catch(codeOf),
    rules.mayRelay("a", "b").catch(codeOf),
    rules.maySeePresence("a", "b"),
    rules.contactsOf("a"),
  ]);
  await clock.advance(answerMs);
  expect(await answers).toEqual(["application-failed", "application-failed", false, undefined]);
  expect([lines.length, clock.pending()]).toEqual([4, 0]);
});

test("a policy without a function permits nothing", async () => {
  const { outside } = world();
  expect(await rulesOf({} as Policy, outside).maySeePresence("a", "b")).toBe(false);
});

test.each([
  ["a list", ["b", "b", "c"], ["b", "c"]],
  ["a set", new Set(["b"]), ["b"]],
  ["a promise of nobody", Promise.resolve([]), []],
])("contacts may be %s", async (_name, given, expected) => {
  const { outside } = world();
  const rules = rulesOf({ ...developmentPolicy, contactsOf: () => given }, outside);
  expect([...((await rules.contactsOf("a")) ?? ["none"])]).toEqual(expected);
});

test("of contacts without an end the first 10,000 are read", async () => {
  const { outside } = world();
  function* endless() {
    for (;;) yield "b";
  }
  const rules = rulesOf({ ...developmentPolicy, contactsOf: endless }, outside);
  expect(await rules.contactsOf("a")).toEqual(new Set(["b"]));
});

test.each([
  [true, "ring"],
  [false, "silent"],
  ["relay-always", "relay-always"],
  [Promise.resolve("silent" as const), "silent"],
] as const)("mayCall may give %s", async (given, expected) => {
  const { outside } = world();
  expect(await rulesOf({ ...developmentPolicy, mayCall: () => given }, outside).mayCall("a", "b")).toBe(
    expected,
  );
});

test("a failure is logged once a minute, with the number of those that were not", async () => {
  const { clock, lines, outside } = world();
  const rules = rulesOf({ ...developmentPolicy, maySeePresence: thrown(new Error("down")) }, outside);
  for (let count = 0; count < 100; count++) await rules.maySeePresence("a", "b");
  await clock.advance(60_000);
  await rules.maySeePresence("a", "b");
  const line = (unsaid: number) => [
    "the application's code failed",
    { name: "policy.maySeePresence", reason: "Error: down", unsaid },
  ];
  expect(lines).toEqual([line(0), line(99)]);
});

test("an answer that rejects after its time is over is nobody's unhandled rejection", async () => {
  const { clock, outside } = world();
  const { promise, reject } = Promise.withResolvers<boolean>();
  const rules = rulesOf({ ...developmentPolicy, maySeePresence: () => promise }, outside);
  const answer = rules.maySeePresence("a", "b");
  await clock.advance(answerMs);
  reject(new Error("late"));
  await settle();
  expect(await answer).toBe(false);
});

test("a refusal of the application's own is handed on", async () => {
  const { lines, outside } = world();
  const refusal = new ServerError("not-allowed", "Not today.");
  const rules = rulesOf({ ...developmentPolicy, mayCall: thrown(refusal) }, outside);
  await expect(rules.mayCall("a", "b")).rejects.toBe(refusal);
  expect(lines).toEqual([]);
});

test("a decision that is made again hears the same answer, and asks once", async () => {
  const { outside } = world();
  let asked = 0;
  const rules = remembering(rulesOf({ ...developmentPolicy, mayCall: () => ++asked === 1 }, outside));
  const pairs = [await rules.mayCall("a", "b"), await rules.mayCall("a", "b"), await rules.mayCall("a", "c")];
  expect([pairs, asked]).toEqual([["ring", "ring", "silent"], 2]);
});

test("a timer that throws ends nothing, and the log has it", async () => {
  const { clock, lines } = world();
  const add = (message: string, fields: unknown) => lines.push([message, fields]);
  const guarded = guardedClock(clock, { debug: add, info: add, warn: add });
  guarded.setTimer(clock.now(), thrown(new TypeError("a bug")));
  await clock.advance(1);
  expect(lines).toEqual([["a timer failed", { reason: "TypeError: a bug" }]]);
});

test.each([
  ["throws", thrown(new Error("disk full"))],
  ["rejects", async () => Promise.reject(new Error("disk full"))],
])("a logger that %s loses its line, and nothing else", async (_name, write) => {
  const logger = guardedLogger({ debug: write, info: write, warn: write });
  logger.info("a line");
  await settle();
});

test("what was thrown is told in words, whatever it is", () => {
  expect([new RangeError("far"), "no", undefined, Object.create(null)].map(textOf)).toEqual([
    "RangeError: far",
    "no",
    "undefined",
    "a value that cannot be shown",
  ]);
});
