import { describe, expect, test } from "vitest";
import { link } from "./link.ts";
import type { LinkContext, LinkInput } from "./link-state.ts";
import { SignalingError } from "./signaling-error.ts";
import {
  failed,
  goAway,
  live,
  online,
  play,
  preferPoll,
  type Scripted,
  start,
  tick,
  wake,
} from "./testing/link-script.ts";
import { defaultTiming } from "./timing.ts";

const ctx: LinkContext = { now: 1, random: 0.5, tokenUsable: true, timing: defaultTiming };
const stop: Scripted = [{ type: "stop" }];
const unavailable = new SignalingError("unavailable", "x");

const atRest: readonly (readonly [string, readonly Scripted[]])[] = [
  ["before the start", []],
  ["after the end", [...live, stop]],
];
const running: readonly (readonly [string, readonly Scripted[]])[] = [
  ["without a network", [online(false), start]],
  ["waiting", [start, failed(1, "unavailable")]],
  ["opening", [start]],
  ["live", live],
  ["replacing a stream", [...live, wake(2_000)]],
  ["giving up a replacement without a network", [...live, preferPoll(true), online(false)]],
];
const authing = ["waiting for a token", [[{ type: "start" }, { tokenUsable: false }]]] as const;

/** What comes of a stream that is not in use. */
const ofNoStream: readonly LinkInput[] = [
  { type: "hello", stream: 9 },
  { type: "heard", stream: 9 },
  { type: "gap", stream: 9, useCursor: false },
  ...(["resume", "restart", "stop"] as const).map((action) => goAway(9, action)[0]),
  { type: "failed", stream: 9, error: unavailable },
];
const aboutTokens: readonly LinkInput[] = [
  { type: "tokenReady" },
  { type: "tokenFailed", error: unavailable },
];

function expectNothing(script: readonly Scripted[], inputs: readonly LinkInput[]): void {
  const { state } = play(...script);
  expect(inputs.map((input) => link(state, input, ctx))).toEqual(inputs.map(() => [state, []]));
}

describe("an input that does not fit changes nothing", () => {
  test.each([...atRest, authing, ...running])("of another stream, %s", (_name, script) =>
    expectNothing(script, ofNoStream),
  );

  test.each([...atRest, ...running])("about a token that nobody asked for, %s", (_name, script) =>
    expectNothing(script, aboutTokens),
  );

  test.each(atRest)("at rest, %s", (_name, script) =>
    expectNothing(script, [
      { type: "wake" },
      { type: "tick" },
      { type: "sendFailed", error: new SignalingError("session-lost", "x") },
    ]),
  );

  test.each([...atRest.slice(1), authing, ...running])("that starts it again, %s", (_name, script) =>
    expectNothing(script, [{ type: "start" }]),
  );

  test("that says what is known already", () =>
    expectNothing(
      [...live, tick(500)],
      [
        { type: "paced", pace: "idle" },
        { type: "preferred", poll: false },
      ],
    ));

  test("as a hello of the stream that has said it, while its replacement opens", () =>
    expectNothing([...live, wake(2_000)], [{ type: "hello", stream: 1 }]));

  test("as a tick before anything is due", () => {
    expectNothing([online(false), start], [{ type: "tick" }]);
    expectNothing([start, failed(1, "unavailable", { now: 1 })], [{ type: "tick" }]);
  });
});

test("the pace counts from its last change, and asks for nothing", () => {
  const { state } = play(...live);
  const busy = { ...state, pace: "busy", paceSince: 1 } as const;
  expect(link(state, { type: "paced", pace: "busy" }, ctx)).toEqual([busy, []]);
  expect(link(busy, { type: "paced", pace: "busy" }, { ...ctx, now: 9 })).toEqual([busy, []]);
});

test("a network that goes and comes back before the start opens nothing", () => {
  expect(play(online(false), online(true))).toEqual(play());
});

test.each(atRest)("what the application prefers is kept for a start, %s", (_name, script) => {
  const { state } = play(...script);
  const asked = { ...state, carriage: { ...state.carriage, prefersPoll: true } };
  expect(link(state, { type: "preferred", poll: true }, ctx)).toEqual([asked, []]);
});

test("a frame is noted, and forgives the failures once the stream is ten seconds old", () => {
  const { state } = play(start, failed(1, "unavailable"), tick(250), [
    { type: "hello", stream: 2 },
    { now: 300 },
  ]);
  const { current } = state;
  const heard = (now: number) => link(state, { type: "heard", stream: 2 }, { ...ctx, now });
  expect(heard(10_299)).toEqual([{ ...state, current: { ...current, lastByteAt: 10_299 } }, []]);
  expect(heard(10_300)).toEqual([{ ...state, failures: 0, current: { ...current, lastByteAt: 10_300 } }, []]);
});

test("a link that stops holds nothing open", () => {
  const before = [...live, wake(2_000)] as const;
  const { state } = play(...before);
  const ended = { ...state, status: "stopped", current: undefined, plan: { type: "none" } };
  expect(play(...before, stop).state).toEqual(ended);
  expect(play(...before, goAway(2, "stop")).state).toEqual(ended);
});
