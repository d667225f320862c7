import type { LinkTroubleCode } from "@peerline/call-machine";
import { ErrorCode } from "@peerline/protocol";
import { describe, expect, test } from "vitest";
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

const never = Number.POSITIVE_INFINITY;
const startWithoutToken: Scripted = [{ type: "start" }, { tokenUsable: false }];
const gap: Scripted = [{ type: "gap", stream: 1, useCursor: true }];
/** The stream is read on while the link has no network to replace it. */
const stranded = [...live, preferPoll(true), online(false)] as const;
const moving = [...live, goAway(1, "resume", 60_000)] as const;

describe("an interruption says why and for how long", () => {
  test.each<[string, readonly Scripted[], number, string, LinkTroubleCode?]>([
    ["a broken stream", [...live, failed(1, "unavailable")], 250, "unavailable"],
    ["a lost session", [...live, failed(1, "session-lost")], 0, "session-lost"],
    ["a refused token", [start, failed(1, "unauthenticated")], 0, "unauthenticated", "refused"],
    [
      "a token refused again",
      [start, failed(1, "unauthenticated"), failed(2, "unauthenticated")],
      250,
      "unauthenticated",
      "refused",
    ],
    [
      "a stream that breaks while the server moves",
      [...moving, failed(1, "unavailable")],
      60_000,
      "unavailable",
    ],
    ["a server that moves before its hello", [start, goAway(1, "resume", 2_000)], 2_000, "server moves"],
    ["a server that moves at once", [start, goAway(1, "resume")], 0, "server moves"],
    [
      "a token that is too old",
      [...live, goAway(1, "stop", 0, ErrorCode.TOKEN_EXPIRED)],
      0,
      "the server refused the token",
      "refused",
    ],
    ["a network that is gone", [start, online(false)], never, "offline", "offline"],
    [
      "a stream that breaks without a network",
      [...live, online(false), failed(1, "unavailable")],
      never,
      "offline",
      "offline",
    ],
    [
      "a stream that breaks when it was to be replaced",
      [...stranded, failed(1, "unavailable")],
      never,
      "offline",
      "offline",
    ],
    ["silence", [...live, tick(45_000)], 250, "nothing was heard for too long"],
    ["silence found on waking", [...live, wake(45_000)], 0, "nothing was heard for too long"],
    ["silence while the server moves", [...moving, tick(45_000)], 15_000, "nothing was heard for too long"],
    [
      "silence while a replacement opens",
      [...live, wake(44_000), tick(45_000)],
      0,
      "nothing was heard for too long",
    ],
    ["silence without a network", [...stranded, tick(45_000)], never, "offline", "offline"],
    ["a hole between events", [...live, gap], 0, "events were lost"],
    ["a hole between events while the server moves", [...moving, gap], 60_000, "events were lost"],
    ["a hole between events without a network", [...stranded, gap], never, "offline", "offline"],
    [
      "an application that brings no token",
      [startWithoutToken, tick(30_000)],
      250,
      "getToken did not answer in time",
      "no-token",
    ],
    [
      "an application that has no token",
      [startWithoutToken, [{ type: "tokenFailed", error: new SignalingError("no-token", "x") }]],
      250,
      "x",
      "no-token",
    ],
    ["a server that says no hello", [start, tick(5_000)], 250, "no hello came in time"],
  ])("%s", (_name, script, retryInMs, cause, code = "unreachable") => {
    const interruptions = play(...script).commands.filter(({ type }) => type === "interrupted");
    expect(interruptions).toEqual([{ type: "interrupted", retryInMs, reason: { code, cause } }]);
  });
});

test("a hole between events while a replacement is planned leaves the plan alone", () => {
  expect(play(...moving, gap)).toEqual({
    state: { ...play(...moving).state, current: undefined },
    commands: [
      { type: "close", stream: 1 },
      { type: "interrupted", retryInMs: 60_000, reason: { code: "unreachable", cause: "events were lost" } },
    ],
  });
});

describe("the text of a stop names the fix", () => {
  const superseded = "Another tab or process uses this endpoint. Go on there, or reload here to take over.";
  test.each<[string, readonly Scripted[], string]>([
    [
      "and what the server said",
      [start, failed(1, "unsupported-version")],
      "This client and the server share no protocol version. Update the older of the two. (unsupported-version)",
    ],
    [
      "alone when it said nothing",
      [...live, goAway(1, "stop")],
      "The server ended this session. Sign in again to go on.",
    ],
    [
      "and that a GoAway said so",
      [...live, goAway(1, "stop", 0, ErrorCode.SUPERSEDED)],
      `${superseded} (GoAway)`,
    ],
    ["and how a stream ended", [...live, failed(1, "superseded")], `${superseded} (superseded)`],
  ])("%s", (_name, script, text) => {
    expect(play(...script).commands.at(-1)).toMatchObject({ type: "stopped", text });
  });
});
