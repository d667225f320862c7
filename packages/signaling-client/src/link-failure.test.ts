import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { ErrorCode, ErrorSchema } from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import type { LinkContext } from "./link-state.ts";
import { SignalingError, type SignalingErrorCode } from "./signaling-error.ts";
import {
  busy,
  failed,
  goAway,
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

/** A failure of which the server says so itself, and that it wants three seconds of peace. */
function explained(
  stream: number,
  code: SignalingErrorCode,
  errorCode: ErrorCode,
  at: Partial<LinkContext> = {},
): Scripted {
  const detail = create(ErrorSchema, { code: errorCode, retryAfter: durationFromMs(3_000) });
  return [{ type: "failed", stream, error: new SignalingError(code, code, { detail }) }, at];
}

const noToken = { tokenUsable: false };
const startWithoutToken: Scripted = [{ type: "start" }, noToken];
/** Two streams say nothing, a poll answers at 10 800; its probe is due 300 s later. */
const polling = [start, tick(5_000), tick(5_250), tick(10_250), tick(10_750), said(3, 10_800)] as const;
const probeAt = 310_800;
const heard: Scripted = [{ type: "heard", stream: 3 }, { now: 300_000 }];
const probing = [...polling, heard, tick(probeAt)] as const;

describe("the end of a stream", () => {
  test.each<[string, readonly Scripted[], readonly string[]]>([
    [
      "for an account that the server does not allow stops",
      [...live, explained(1, "not-allowed", ErrorCode.NOT_ALLOWED)],
      ["stopped not-allowed", "stopped"],
    ],
    [
      "for a proxy that allows nothing does not",
      [...live, failed(1, "not-allowed")],
      ["interrupted 250", "waiting"],
    ],
    [
      "for a request that the server does not understand stops",
      [...live, explained(1, "refused", ErrorCode.MALFORMED)],
      ["stopped misconfigured", "stopped"],
    ],
    [
      "for a request that nobody ever understood stops",
      [start, failed(1, "refused")],
      ["stopped misconfigured", "stopped"],
    ],
    ["for a proxy that refuses does not", [...live, failed(1, "refused")], ["interrupted 250", "waiting"]],
    [
      "for a server that asks for time gives it",
      [...live, explained(1, "unavailable", ErrorCode.OVERLOADED)],
      ["interrupted 3000", "waiting"],
    ],
    [
      "for a second refused token gives the server the time that it asks for",
      [
        start,
        failed(1, "unauthenticated", noToken),
        [{ type: "tokenReady" }],
        explained(2, "unauthenticated", ErrorCode.TOKEN_EXPIRED, noToken),
      ],
      ["interrupted 3000", "waiting"],
    ],
    [
      "for another owner stops, although the server wanted to move",
      [...live, goAway(1, "resume", 2_000), failed(1, "superseded")],
      ["stopped superseded", "stopped"],
    ],
    [
      "while a token is fetched for its replacement is said at once",
      [...live, [{ type: "wake" }, { now: 2_000, ...noToken }], failed(1, "unavailable", { now: 2_100 })],
      ["interrupted 0", "authing"],
    ],
    [
      "while its replacement was given up for want of a network waits for the network",
      [...live, preferPoll(true), online(false), failed(1, "unavailable")],
      ["interrupted Infinity", "offline"],
    ],
  ])("%s", (_name, script, expected) => expect(outcome(...script)).toEqual(expected));
});

describe("a stream that breaks within ten seconds", () => {
  test("counts however late in the session it is", () => {
    const { carriage } = play(
      [{ type: "start" }, { now: 70_000 }],
      said(1, 70_100),
      failed(1, "unavailable", { now: 70_200 }),
    ).state;
    expect(carriage.broken).toBe(1);
  });
});

describe("an attempt beside the polls that fails", () => {
  const transient = ["unavailable", "internal", "rate-limited"] as const;
  test.each(transient)("as a probe, %s, leaves the session to a new poll at once", (code) => {
    expect(outcome(...probing, failed(4, code, { now: probeAt + 10 }))).toEqual([
      "open 5 by poll",
      "polling",
    ]);
  });

  test.each<[string, readonly Scripted[], readonly string[]]>([
    [
      "as a probe, for a lost session, asks for a snapshot",
      [...probing, failed(4, "session-lost", { now: probeAt + 10 })],
      ["open 5 by poll without cursor", "polling"],
    ],
    [
      "as the stream of a tab that is looked at again is made again after the backoff",
      [...live, preferPoll(true), said(2), preferPoll(false), failed(3, "unavailable")],
      ["polling"],
    ],
    [
      "as a poll is made again after the backoff",
      [...polling, wake(20_000), failed(4, "unavailable", { now: 20_100 })],
      ["polling"],
    ],
    [
      "as a stream that has no poll beside it any more is an interruption",
      [
        ...polling,
        heard,
        failed(3, "unavailable", { now: probeAt }),
        tick(probeAt + 250),
        failed(4, "unavailable", { now: probeAt + 300 }),
      ],
      ["interrupted 500", "waiting"],
    ],
  ])("%s", (_name, script, expected) => expect(outcome(...script)).toEqual(expected));

  test("as a poll leaves the probe where it was", () => {
    const before = [...polling, failed(3, "unavailable", { now: 11_000 }), tick(13_000)] as const;
    const { carriage } = play(...before).state;
    expect(play(...before, failed(4, "unavailable", { now: 13_100 })).state.carriage).toEqual(carriage);
  });

  test("is no stream in a call, even when the probe is due", () => {
    expect(outcome(...polling, heard, busy, failed(3, "unavailable", { now: probeAt }))).toEqual([
      "interrupted 0",
      "open 4 by poll",
      "opening",
    ]);
  });
});

describe("a server that goes away", () => {
  test.each<[string, readonly Scripted[], readonly string[]]>([
    [
      "before its hello is left at once",
      [start, goAway(1, "resume", 2_000)],
      ["close 1", "interrupted 2000", "waiting"],
    ],
    [
      "before its hello and is back at once is asked at once",
      [start, goAway(1, "resume")],
      ["close 1", "interrupted 0", "open 2", "opening"],
    ],
    [
      "for a version stops",
      [...live, goAway(1, "stop", 0, ErrorCode.UNSUPPORTED_VERSION)],
      ["close 1", "stopped unsupported-version", "stopped"],
    ],
    [
      "for a token that is too old gets a new one",
      [
        ...live,
        [{ type: "goAway", stream: 1, action: "stop", afterMs: 0, reason: ErrorCode.TOKEN_EXPIRED }, noToken],
      ],
      ["close 1", "interrupted 0", "getToken", "authing"],
    ],
    ["says nothing when it is gone", [startWithoutToken, goAway(0, "resume")], ["authing"]],
  ])("%s", (_name, script, expected) => expect(outcome(...script)).toEqual(expected));

  test("and wants the cursor dropped while a replacement opens leaves the replacement alone", () => {
    const replacing = [...live, preferPoll(true)] as const;
    expect(play(...replacing, goAway(1, "restart"))).toEqual({
      state: { ...play(...replacing).state, useCursor: false },
      commands: [],
    });
  });
});

test("a Send that fails for the session while the link waits goes on waiting, longer", () => {
  const lost: Scripted = [{ type: "sendFailed", error: new SignalingError("session-lost", "x") }];
  expect(outcome(start, failed(1, "unavailable"), lost)).toEqual(["interrupted 500", "waiting"]);
});

describe("a token that refreshing does not mend", () => {
  const everyMs = 6_000;
  const at = (stream: number) => ({ now: stream * everyMs + 1 });

  test.each<[string, readonly Scripted[], number, number]>([
    ["at first", [start], 1, 3],
    [
      "for a server that took one before",
      [...live, failed(1, "unavailable", at(1)), tick(2 * everyMs)],
      2,
      8,
    ],
  ])("is final %s after some refusals in a row", (_, before, first, refusals) => {
    const script = [...before];
    for (let stream = first; stream < first + refusals; stream++) {
      expect(outcome(...script).at(-1)).toEqual("opening");
      script.push(failed(stream, "unauthenticated", at(stream)));
      if (stream > first) script.push(tick((stream + 1) * everyMs));
    }
    expect(play(...script.slice(0, -1)).commands.at(-1)).toEqual({
      type: "stopped",
      code: "unauthenticated",
      text: "There is no valid token. Sign in again. (unauthenticated)",
    });
  });

  test("is counted over hellos that are followed by the next refusal", () => {
    const { TOKEN_EXPIRED } = ErrorCode;
    const script: Scripted[] = [...live];
    for (let stream = 1; stream <= 8; stream++) {
      expect(outcome(...script).at(-1)).toEqual("live");
      const [goes] = goAway(stream, "stop", 0, TOKEN_EXPIRED);
      const next = (stream + 1) * everyMs;
      script.push([goes, at(stream)]);
      if (stream > 1) script.push(tick(next - 500));
      script.push(said(stream + 1, next));
    }
    expect(outcome(...script).at(-1)).toEqual("stopped");
  });
});

describe("a server that sends everyone away at once is asked again", () => {
  const away = (stream: number, now = 0): Scripted => [goAway(stream, "resume")[0], { now }];
  test.each<[string, readonly Scripted[], readonly string[]]>([
    ["at once the first time", [start, away(1)], ["close 1", "interrupted 0", "open 2", "opening"]],
    ["after a pause then", [start, away(1), away(2)], ["close 2", "interrupted 500", "waiting"]],
    [
      "after a longer one",
      [start, away(1), away(2), tick(500), away(3, 500)],
      ["close 3", "interrupted 1000", "waiting"],
    ],
    ["after a pause also when it says hello first", [...live, away(1), said(2, 1), away(2, 2)], ["live"]],
    ["at once after a while", [...live, away(1), said(2, 1), away(2, 10_001)], ["open 3", "live"]],
  ])("%s", (_, script, expected) => {
    expect(outcome(...script)).toEqual(expected);
  });
});
