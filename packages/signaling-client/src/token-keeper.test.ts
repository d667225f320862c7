import { expect, test } from "vitest";
import { SignalingError } from "./signaling-error.ts";
import { quiet } from "./testing/drive.ts";
import { signalLog, virtualClock } from "./testing/index.ts";
import { createTokenKeeper } from "./token-keeper.ts";

/** A keeper whose application answers with whatever `answer` does. */
function keeperWith(
  answer: (question: "first" | "expired") => Promise<{ token: string; validForMs?: number }>,
) {
  const clock = virtualClock(0);
  const log = signalLog<string>();
  const keeper = createTokenKeeper({
    getToken(previous) {
      log.push(previous);
      return answer(previous);
    },
    now: clock.now,
    random: () => 0.5,
    tokenMs: 30_000,
    onToken: () => log.push("token"),
    onError: (error) => log.push(error.code),
  });
  return { keeper, clock, log };
}

test("a token is asked for once, however often it is wanted", async () => {
  const { keeper, log } = keeperWith(async () => ({ token: "a" }));
  keeper.fetch();
  keeper.fetch();
  await log.first((entry) => entry === "token");
  expect([log.all, keeper.token, keeper.usable(), keeper.deadline()]).toEqual([
    ["first", "token"],
    "a",
    true,
    Number.POSITIVE_INFINITY,
  ]);
});

test("it is renewed at half of its life and not used after all of it", async () => {
  const { keeper, clock, log } = keeperWith(async () => ({ token: "a", validForMs: 600_000 }));
  keeper.fetch();
  await log.first((entry) => entry === "token");
  expect(keeper.deadline()).toEqual(300_000);
  clock.advanceBy(299_999);
  keeper.tick();
  expect(log.all).toEqual(["first", "token"]);
  clock.advanceBy(1);
  keeper.tick();
  expect(log.all).toEqual(["first", "token", "expired"]);
  clock.setTo(600_000);
  expect(keeper.usable()).toEqual(false);
});

test("a token with no life left is renewed after a second, not in a storm", async () => {
  const { keeper, log } = keeperWith(async () => ({ token: "a", validForMs: 600_000 }));
  keeper.fetch();
  await log.first((entry) => entry === "token");
  keeper.validFor(0);
  expect([keeper.usable(), keeper.deadline()]).toEqual([false, 1_000]);
});

test("only the present token can be refused", async () => {
  const { keeper, log } = keeperWith(async () => ({ token: "a" }));
  keeper.fetch();
  await log.first((entry) => entry === "token");
  keeper.refuse("older");
  expect(keeper.usable()).toEqual(true);
  keeper.refuse("a");
  expect(keeper.usable()).toEqual(false);
});

test("an application that never answers is asked again after its time", () => {
  const { keeper, clock, log } = keeperWith(() => new Promise(() => undefined));
  keeper.fetch();
  clock.setTo(29_999);
  keeper.fetch();
  clock.setTo(30_000);
  keeper.fetch();
  expect(log.all).toEqual(["first", "first"]);
});

test("an answer that comes late counts, unless a newer one came before it", async () => {
  const answers: ((token: string) => void)[] = [];
  const { keeper, clock, log } = keeperWith(
    () => new Promise((resolve) => answers.push((token) => resolve({ token }))),
  );
  keeper.fetch();
  clock.advanceBy(30_000);
  keeper.fetch();
  answers[0]?.("late");
  await log.first((entry) => entry === "token");
  const late = keeper.token;
  answers[1]?.("newer");
  await quiet();
  expect([late, keeper.token]).toEqual(["late", "newer"]);
  keeper.fetch();
  clock.advanceBy(30_000);
  keeper.fetch();
  answers[3]?.("newest");
  await quiet();
  answers[2]?.("too late");
  await quiet();
  expect(keeper.token).toEqual("newest");
});

test("a renewal that gets no answer is asked for again", async () => {
  const answers = [Promise.resolve({ token: "a", validForMs: 600_000 }), new Promise<never>(() => undefined)];
  const { keeper, clock, log } = keeperWith(() => answers.shift() ?? Promise.resolve({ token: "b" }));
  keeper.fetch();
  await quiet();
  for (const until of [300_000, 330_000]) {
    clock.setTo(until);
    expect(keeper.deadline()).toEqual(until);
    keeper.tick();
  }
  await quiet();
  expect([keeper.token, log.all]).toEqual(["b", ["first", "token", "expired", "expired", "token"]]);
});

test.each([
  [
    "unauthenticated is the application's last word",
    new SignalingError("unauthenticated", "signed out"),
    "unauthenticated",
  ],
  ["anything else is tried again", new TypeError("fetch failed"), "no-token"],
])("%s", async (_name, reason, code) => {
  const { keeper, log } = keeperWith(() => Promise.reject(reason));
  keeper.fetch();
  await log.first((entry) => entry === code);
  expect(log.all).toEqual(["first", code]);
});
