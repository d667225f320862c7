import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { ErrorCode, ErrorSchema } from "@peerline/protocol";
import { expect, test } from "vitest";
import { link } from "./link.ts";
import { idleLink, type LinkInput, type LinkState } from "./link-state.ts";
import { SignalingError } from "./signaling-error.ts";
import { defaultTiming } from "./timing.ts";

const endpoints = 1_000;
const gone = new SignalingError("unavailable", "the server is gone");

/** Numbers in [0, 1), the same in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** When each endpoint makes its n-th attempt after all lost their stream at 0, every attempt failing at once. */
function attemptsOf(random: () => number, count: number): readonly number[] {
  let state: LinkState = idleLink;
  const step = (input: LinkInput, now: number): void => {
    const ctx = { now, random: random(), tokenUsable: true, timing: defaultTiming };
    [state] = link(state, input, ctx);
  };
  step({ type: "start" }, -60_000);
  step({ type: "hello", stream: 1 }, -60_000);
  step({ type: "failed", stream: 1, error: gone }, 0);
  const at: number[] = [];
  let now = 0;
  while (at.length < count) {
    if (state.plan.type === "waiting") {
      now = state.plan.until;
      step({ type: "tick" }, now);
    } else if (state.plan.type === "opening") {
      at.push(now);
      step({ type: "failed", stream: state.plan.stream, error: gone }, now);
    } else throw new Error(state.plan.type);
  }
  return at;
}

/** The most of them that fall into one window of this length. */
function densest(times: readonly number[], windowMs: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.max(...sorted.map((at) => sorted.filter((t) => t >= at && t < at + windowMs).length));
}

test("91: 1,000 endpoints that lose their streams at once come back spread, and wider each time", () => {
  const random = randomOf(91);
  const attempts = Array.from({ length: endpoints }, () => attemptsOf(random, 8));
  const nth = (n: number) => attempts.map((times) => times[n] ?? 0);
  const spreadMs = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => Math.max(...nth(n)) - Math.min(...nth(n)));
  expect(spreadMs.every((ms, index) => index === 0 || ms > (spreadMs[index - 1] ?? 0))).toBe(true);
  expect(densest(nth(0), 100)).toBeLessThan(endpoints * 0.25);
  expect(densest(nth(3), 100)).toBeLessThan(endpoints * 0.06);
  expect(densest(nth(7), 100)).toBeLessThan(endpoints * 0.02);
});

test("91: what the server asks an endpoint to wait is waited, however long the backoff is", () => {
  const ctx = { now: 0, random: 0, tokenUsable: true, timing: defaultTiming };
  const [started] = link(idleLink, { type: "start" }, ctx);
  const detail = create(ErrorSchema, { code: ErrorCode.OVERLOADED, retryAfter: durationFromMs(3_700) });
  const refusal = new SignalingError("unavailable", "come later", { detail });
  const [waiting] = link(started, { type: "failed", stream: 1, error: refusal }, ctx);
  expect(waiting.plan).toEqual({ type: "waiting", since: 0, until: 3_700 });
});
