import { ErrorCode } from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import { linkDeadline } from "./link.ts";
import { SignalingError } from "./signaling-error.ts";
import {
  busy,
  failed,
  goAway,
  hello,
  live,
  outcome,
  play,
  type Scripted,
  said,
  start,
  tick,
  wake,
} from "./testing/link-script.ts";
import { defaultTiming } from "./timing.ts";

describe("silence", () => {
  test.each<[string, readonly Scripted[], readonly string[]]>([
    ["with no hello is given up after 5 s", [start, tick(5_000)], ["close 1", "interrupted 250", "waiting"]],
    ["with no hello is borne for 4.999 s", [start, tick(4_999)], ["opening"]],
    ["is borne for 44.999 s", [...live, tick(44_999)], ["live"]],
    ["ends the stream after 45 s", [...live, tick(45_000)], ["close 1", "interrupted 250", "waiting"]],
    [
      "ends it after 15 s in a call",
      [...live, busy, tick(15_000)],
      ["close 1", "interrupted 0", "open 2", "opening"],
    ],
    [
      "is over with any frame",
      [...live, [{ type: "heard", stream: 1 }, { now: 40_000 }], tick(84_999)],
      ["live"],
    ],
    [
      "is not over with a frame of an old stream",
      [...live, [{ type: "heard", stream: 0 }, { now: 40_000 }], tick(45_000)],
      ["close 1", "interrupted 250", "waiting"],
    ],
    [
      "of the application about a token is given up after 30 s",
      [[{ type: "start" }, { tokenUsable: false }], tick(30_000)],
      ["interrupted 250", "waiting"],
    ],
  ])("%s", (_name, script, expected) => expect(outcome(...script)).toEqual(expected));

  test("has a deadline that the clock can be asked to keep", () => {
    const at = (...script: readonly Scripted[]) => linkDeadline(play(...script).state, defaultTiming);
    expect([at(), at(start), at(...live), at(...live, busy), at(...live, failed(1, "unavailable"))]).toEqual([
      Number.POSITIVE_INFINITY,
      5_000,
      45_000,
      15_000,
      250,
    ]);
  });
});

describe("waking up", () => {
  test.each<[string, readonly Scripted[], readonly string[]]>([
    ["ends a wait", [...live, failed(1, "unavailable"), wake(10)], ["open 2", "opening"]],
    [
      "replaces a stream whose deadline passed in the sleep",
      [...live, wake(3_600_000)],
      ["close 1", "interrupted 0", "open 2", "opening"],
    ],
    [
      "replaces a stream that may be on a lost path, reading it until the new one is there",
      [...live, wake(2_000)],
      ["open 2", "live"],
    ],
    ["leaves a stream alone that has just begun", [...live, wake(999)], ["live"]],
    [
      "replaces an attempt that is older than a second",
      [start, wake(1_000)],
      ["close 1", "open 2", "opening"],
    ],
    ["leaves a young attempt alone", [start, wake(999)], ["opening"]],
    ["replaces a stream that is a second old", [...live, wake(1_000)], ["open 2", "live"]],
    [
      "leaves what has just begun alone however late it is",
      [[{ type: "start" }, { now: 5_000 }], wake(5_999)],
      ["opening"],
    ],
    [
      "leaves a stream that has just begun alone however late it is",
      [start, said(1, 5_000), wake(5_999)],
      ["live"],
    ],
    ["asks for no second token", [[{ type: "start" }, { tokenUsable: false }], wake(10)], ["authing"]],
    ["does not hurry a server that moves", [...live, goAway(1, "resume", 2_000), wake(1_500)], ["live"]],
    ["starts nothing after the end", [start, [{ type: "stop" }], wake(10)], ["stopped"]],
  ])("%s", (_name, script, expected) => expect(outcome(...script)).toEqual(expected));
});

describe("a server that goes away", () => {
  test.each<[string, readonly Scripted[], readonly string[]]>([
    ["is read on until its time", [...live, goAway(1, "resume", 2_000)], ["live"]],
    [
      "is replaced at its time, old stream still read",
      [...live, goAway(1, "resume", 2_000), tick(2_000)],
      ["open 2", "live"],
    ],
    [
      "is closed when the new one says hello",
      [...live, goAway(1, "resume"), [{ type: "hello", stream: 2 }]],
      ["close 1", "live"],
    ],
    [
      "may end before the new one says hello",
      [...live, goAway(1, "resume"), failed(1, "superseded")],
      ["opening"],
    ],
    [
      "may end before its time, then the wait is said",
      [...live, goAway(1, "resume", 2_000), failed(1, "unavailable", { now: 500 })],
      ["interrupted 1500", "waiting"],
    ],
    ["may want the cursor dropped", [...live, goAway(1, "restart")], ["open 2 without cursor", "live"]],
    ["may end it", [...live, goAway(1, "stop")], ["close 1", "stopped signed-out", "stopped"]],
    [
      "may end it for a revoked token",
      [...live, goAway(1, "stop", 0, ErrorCode.TOKEN_REVOKED)],
      ["close 1", "stopped not-allowed", "stopped"],
    ],
    [
      "may end it for another owner",
      [...live, goAway(1, "stop", 0, ErrorCode.SUPERSEDED)],
      ["close 1", "stopped superseded", "stopped"],
    ],
    [
      "says superseded on the old stream for the own new one",
      [...live, wake(2_000), goAway(1, "stop", 0, ErrorCode.SUPERSEDED)],
      ["live"],
    ],
    ["on an old stream says nothing", [...live, goAway(0, "stop")], ["live"]],
  ])("%s", (_name, script, expected) => expect(outcome(...script)).toEqual(expected));
});

test.each<[string, readonly Scripted[], readonly string[]]>([
  [
    "a gap resumes at once",
    [...live, [{ type: "gap", stream: 1, useCursor: true }]],
    ["close 1", "interrupted 0", "open 2", "opening"],
  ],
  [
    "a stream that fits nothing is opened anew without the cursor",
    [...live, [{ type: "gap", stream: 1, useCursor: false }]],
    ["close 1", "interrupted 0", "open 2 without cursor", "opening"],
  ],
  [
    "a lost session closes what is open",
    [...live, [{ type: "sendFailed", error: new SignalingError("session-lost", "x") }]],
    ["close 1", "interrupted 0", "open 2 without cursor", "opening"],
  ],
  ["a hello of an abandoned stream has no effect", [start, tick(5_000), hello], ["waiting"]],
  [
    "stopping closes everything and says nothing",
    [...live, wake(2_000), [{ type: "stop" }]],
    ["close 1", "close 2", "stopped"],
  ],
  [
    "the application's last word on tokens is the end",
    [
      [{ type: "start" }, { tokenUsable: false }],
      [{ type: "tokenFailed", error: new SignalingError("unauthenticated", "x") }],
    ],
    ["stopped unauthenticated", "stopped"],
  ],
  [
    "a token that failed to come is asked for again",
    [
      [{ type: "start" }, { tokenUsable: false }],
      [{ type: "tokenFailed", error: new SignalingError("unavailable", "x") }],
    ],
    ["interrupted 250", "waiting"],
  ],
])("%s", (_name, script, expected) => expect(outcome(...script)).toEqual(expected));
