import fc from "fast-check";
import { expect, test } from "vitest";
import { link, linkDeadline } from "./link.ts";
import { idleLink, type LinkContext, type LinkInput, type LinkState, phaseOf } from "./link-state.ts";
import { SignalingError } from "./signaling-error.ts";
import { goAway } from "./testing/link-script.ts";
import { defaultTiming } from "./timing.ts";

/** Where nothing is waited for, or only what the platform says. */
const open: ReadonlySet<string> = new Set(["idle", "stopped", "offline"]);

const stream = fc.integer({ min: 1, max: 4 });
const error = fc
  .constantFrom("unavailable", "unauthenticated", "session-lost", "rate-limited", "not-allowed", "internal")
  .map((code) => new SignalingError(code, code));
const input: fc.Arbitrary<LinkInput> = fc.oneof(
  fc.constantFrom<LinkInput[]>(
    { type: "start" },
    { type: "wake" },
    { type: "tick" },
    { type: "tokenReady" },
    { type: "network", online: true },
    { type: "network", online: false },
    { type: "preferred", poll: true },
    { type: "preferred", poll: false },
    { type: "paced", pace: "busy" },
    { type: "paced", pace: "idle" },
  ),
  stream.map((number): LinkInput => ({ type: "hello", stream: number })),
  stream.map((number): LinkInput => ({ type: "heard", stream: number })),
  fc.record({ type: fc.constant("gap" as const), stream, useCursor: fc.boolean() }),
  fc.record({ type: fc.constant("failed" as const), stream, error }),
  fc.record({ type: fc.constant("sendFailed" as const), error }),
  fc.record({ type: fc.constant("tokenFailed" as const), error }),
  stream.map((number) => goAway(number, "resume", 100)[0]),
);
const step = fc.record({
  input,
  afterMs: fc.constantFrom(0, 10, 999, 5_000, 60_000),
  random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  tokenUsable: fc.boolean(),
});

test("wherever the link waits, a moment comes at which it does something by itself", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let [state, now]: [LinkState, number] = [idleLink, 0];
      for (const { input, afterMs, ...readings } of steps) {
        now += afterMs;
        [state] = link(state, input, { ...readings, now, timing: defaultTiming });
        if (!open.has(phaseOf(state))) expect(waitOf(state, readings)).toEqual({ ends: true, does: true });
      }
    }),
    { numRuns: 1_000, seed: 20_261_128 },
  );
});

/** Whether there is a deadline, and whether something comes of it. */
function waitOf(state: LinkState, readings: Pick<LinkContext, "random" | "tokenUsable">) {
  const now = linkDeadline(state, defaultTiming);
  const [next, commands] = link(state, { type: "tick" }, { ...readings, now, timing: defaultTiming });
  return { ends: Number.isFinite(now), does: next !== state || commands.length > 0 };
}
