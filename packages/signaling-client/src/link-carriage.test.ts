import { create } from "@bufbuild/protobuf";
import { ErrorCode, ErrorSchema } from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import { linkDeadline } from "./link.ts";
import { SignalingError } from "./signaling-error.ts";
import {
  busy,
  failed,
  live,
  online,
  outcome,
  play,
  preferPoll,
  type Scripted,
  said,
  start,
  tick,
  wake,
} from "./testing/link-script.ts";
import { defaultTiming } from "./timing.ts";

/** Two streams say nothing; the third attempt is made at 10 750. */
const mute = [start, tick(5_000), tick(5_250), tick(10_250)] as const;
const polling = [...mute, tick(10_750), said(3, 10_800)] as const;
const probeAt = 10_800 + 300_000;
/** The poll is alive when the probe is due. */
const probing = [...polling, [{ type: "heard", stream: 3 }, { now: 300_000 }], tick(probeAt)] as const;
const idle: Scripted = [{ type: "paced", pace: "idle" }, { now: 310_900 }];

describe("a proxy that buffers streams", () => {
  test.each<[string, readonly Scripted[], readonly string[]]>([
    ["is not suspected for one silent stream", [start, tick(5_000), tick(5_250)], ["open 2", "opening"]],
    ["is suspected after two", [...mute, tick(10_750)], ["open 3 by poll", "opening"]],
    [
      "is not suspected when one of the two was refused",
      [start, tick(5_000), tick(5_250), failed(2, "unavailable"), tick(10_750)],
      ["open 3", "opening"],
    ],
    ["is taken for granted when a poll answers", polling, ["polling"]],
    [
      "is not when the poll is silent too: the server is away",
      [...mute, tick(10_750), tick(15_750), tick(16_750)],
      ["open 4", "opening"],
    ],
    [
      "is polled again after a failure",
      [...polling, failed(3, "unavailable", { now: 11_000 }), tick(13_000)],
      ["open 4 by poll", "opening"],
    ],
    ["is probed every five minutes, the polls go on", probing, ["open 4", "polling"]],
    ["is left as soon as the probe says hello", [...probing, said(4, probeAt + 50)], ["close 3", "live"]],
    [
      "is polled anew when the probe is silent, with no interruption",
      [...probing, tick(probeAt + 5_000)],
      ["close 4", "open 5 by poll", "polling"],
    ],
    [
      "is polled anew when the probe breaks",
      [...probing, failed(4, "unavailable", { now: probeAt + 10 })],
      ["open 5 by poll", "polling"],
    ],
    [
      "may push out the poll while it is probed",
      [...probing, failed(3, "superseded", { now: probeAt + 10 })],
      ["opening"],
    ],
    ["is not probed in a call", [...polling, busy, tick(10_801)], ["polling"]],
    [
      "is not known on another network",
      [...polling, online(false, 20_000), online(true, 21_000)],
      ["open 4", "polling"],
    ],
  ])("%s", (_name, script, expected) => expect(outcome(...script)).toEqual(expected));

  test("has its probe among the link's deadlines, after the call when there is one", () => {
    const heard: Scripted = [{ type: "heard", stream: 3 }, { now: 310_790 }];
    const at = (...script: readonly Scripted[]) => linkDeadline(play(...script).state, defaultTiming);
    expect([at(...polling, heard), at(...polling, busy, heard), at(...polling, busy, heard, idle)]).toEqual([
      probeAt,
      310_790 + 15_000,
      probeAt,
    ]);
    expect(at(...polling, [{ type: "stop" }])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("streams that break soon after their hello", () => {
  const cut = (stream: number, now: number): Scripted => failed(stream, "unavailable", { now });
  const twice = [
    start,
    said(1),
    cut(1, 100),
    tick(500),
    said(2, 600),
    cut(2, 700),
    tick(1_700),
    said(3, 1_800),
  ];
  const explained = new SignalingError("unavailable", "x", {
    detail: create(ErrorSchema, { code: ErrorCode.SHUTTING_DOWN }),
  });
  test.each<[string, readonly Scripted[], readonly string[]]>([
    ["are streamed again twice", [...twice.slice(0, -1)], ["open 3", "opening"]],
    [
      "are replaced by polls the third time",
      [...twice, cut(3, 1_900), tick(5_000)],
      ["open 4 by poll", "opening"],
    ],
    [
      "do not count after ten seconds of life",
      [...twice, cut(3, 11_800), tick(20_000)],
      ["open 4", "opening"],
    ],
    [
      "do not count when the server says why",
      [...twice, [{ type: "failed", stream: 3, error: explained }, { now: 1_900 }], tick(20_000)],
      ["open 4", "opening"],
    ],
  ])("%s", (_name, script, expected) => expect(outcome(...(script as Scripted[]))).toEqual(expected));
});

describe("a tab that nobody looks at", () => {
  test.each<[string, readonly Scripted[], readonly string[]]>([
    ["polls from the start", [preferPoll(true), start], ["open 1 by poll", "opening"]],
    ["goes over to polls beside its stream", [...live, preferPoll(true)], ["open 2 by poll", "live"]],
    [
      "closes the stream when the poll says hello",
      [...live, preferPoll(true), said(2)],
      ["close 1", "polling"],
    ],
    [
      "goes back to a stream when it is looked at",
      [...live, preferPoll(true), said(2), preferPoll(false)],
      ["open 3", "polling"],
    ],
    ["stays with a stream that it has already", [...live, preferPoll(false)], ["live"]],
    ["waits for the attempt under way", [...live, wake(2_000), preferPoll(true)], ["live"]],
    [
      "leaves the stream of that attempt as soon as it is there",
      [start, preferPoll(true), said(1, 100)],
      ["open 2 by poll", "live"],
    ],
    [
      "leaves the poll of an attempt that ends when it is looked at",
      [preferPoll(true), start, preferPoll(false), said(1, 100)],
      ["open 2", "polling"],
    ],
    [
      "goes back to a stream whose probe is due when it is looked at",
      [...polling, preferPoll(true), preferPoll(false, probeAt)],
      ["open 4", "polling"],
    ],
    [
      "stays with its polls when it is looked at in a call",
      [...polling, preferPoll(true), busy, preferPoll(false, probeAt)],
      ["polling"],
    ],
  ])("%s", (_name, script, expected) => expect(outcome(...script)).toEqual(expected));
});

describe("without a network", () => {
  const lost = [...live, online(false)] as const;
  test("there is no deadline but that of the stream that is still read", () => {
    const at = (...script: readonly Scripted[]) => linkDeadline(play(...script).state, defaultTiming);
    expect([at(online(false), start), at(...live, preferPoll(true), online(false))]).toEqual([
      Number.POSITIVE_INFINITY,
      45_000,
    ]);
  });

  test.each<[string, readonly Scripted[], readonly string[]]>([
    ["nothing is opened", [online(false), start], ["offline"]],
    ["a stream is read as long as it speaks", lost, ["live"]],
    [
      "a stream that breaks is not replaced",
      [...lost, failed(1, "unavailable")],
      ["interrupted Infinity", "offline"],
    ],
    [
      "a silent stream is dead at its deadline, and not replaced",
      [...lost, tick(45_000)],
      ["close 1", "interrupted Infinity", "offline"],
    ],
    ["an attempt is given up", [start, online(false)], ["close 1", "interrupted Infinity", "offline"]],
    [
      "a wait is given up",
      [...live, failed(1, "unavailable"), online(false)],
      ["interrupted Infinity", "offline"],
    ],
    ["a token changes nothing", [online(false), start, [{ type: "tokenReady" }]], ["offline"]],
    ["being online all the time changes nothing", [...live, online(true, 2_000)], ["live"]],
    ["coming online opens at once", [online(false), start, online(true)], ["open 1", "opening"]],
    [
      "a stream that breaks right after coming online is replaced",
      [...live, preferPoll(true), online(false, 10), online(true, 20), failed(1, "unavailable", { now: 30 })],
      ["interrupted 250", "waiting"],
    ],
    ["a wake tries it all the same", [online(false), start, wake(10)], ["open 1", "opening"]],
    [
      "68: another network replaces a stream that may be on a lost path, which is read until then",
      [...live, online(false, 2_000), online(true, 3_000)],
      ["open 2", "live"],
    ],
  ])("%s", (_name, script, expected) => expect(outcome(...script)).toEqual(expected));
});
