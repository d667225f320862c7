import { describe, expect, test } from "vitest";
import { busy, failed, live, outcome, type Scripted, start, tick } from "./testing/link-script.ts";

describe("starting", () => {
  test.each<[string, readonly Scripted[], readonly string[]]>([
    ["opens a stream with the token at hand", [start], ["open 1", "opening"]],
    [
      "gets a token first when there is none",
      [[{ type: "start" }, { tokenUsable: false }]],
      ["getToken", "authing"],
    ],
    [
      "opens once the token is there",
      [[{ type: "start" }, { tokenUsable: false }], [{ type: "tokenReady" }]],
      ["open 1", "opening"],
    ],
    ["happens once", [start, start], ["opening"]],
    ["is live after the hello", live, ["live"]],
  ])("%s", (_name, script, expected) => expect(outcome(...script)).toEqual(expected));
});

describe("a stream that fails", () => {
  test.each<[string, readonly Scripted[], readonly string[]]>([
    ["is opened again after a delay", [...live, failed(1, "unavailable")], ["interrupted 250", "waiting"]],
    [
      "is opened again at once in a call",
      [...live, busy, failed(1, "unavailable")],
      ["interrupted 0", "open 2", "opening"],
    ],
    [
      "is opened when the delay is over",
      [...live, failed(1, "unavailable"), tick(250)],
      ["open 2", "opening"],
    ],
    ["is not opened before", [...live, failed(1, "unavailable"), tick(249)], ["waiting"]],
    [
      "waits longer the next time",
      [...live, failed(1, "unavailable"), tick(250), failed(2, "unavailable", { now: 300 })],
      ["interrupted 500", "waiting"],
    ],
    ["before its hello counts too", [start, failed(1, "unavailable")], ["interrupted 250", "waiting"]],
    [
      "and is not in use any more has no effect",
      [...live, failed(1, "unavailable"), failed(1, "unavailable")],
      ["waiting"],
    ],
    [
      "for a refused token gets a new one at once",
      [start, failed(1, "unauthenticated", { tokenUsable: false })],
      ["interrupted 0", "getToken", "authing"],
    ],
    [
      "for a lost session asks for a snapshot",
      [...live, failed(1, "session-lost")],
      ["interrupted 0", "open 2 without cursor", "opening"],
    ],
    [
      "for a version stops",
      [start, failed(1, "unsupported-version")],
      ["stopped unsupported-version", "stopped"],
    ],
    [
      "because this account may not stops",
      [start, failed(1, "not-allowed")],
      ["stopped not-allowed", "stopped"],
    ],
    [
      "because something else answers stops when nothing ever worked",
      [start, failed(1, "misconfigured")],
      ["stopped misconfigured", "stopped"],
    ],
    [
      "because a proxy answers for once is opened again",
      [...live, failed(1, "misconfigured")],
      ["interrupted 250", "waiting"],
    ],
    [
      "because another took over stops",
      [...live, failed(1, "superseded")],
      ["stopped superseded", "stopped"],
    ],
  ])("%s", (_name, script, expected) => expect(outcome(...script)).toEqual(expected));

  test("with a second refused token waits before the third", () => {
    const refused = failed(1, "unauthenticated", { tokenUsable: false });
    expect(
      outcome(start, refused, [{ type: "tokenReady" }], failed(2, "unauthenticated", { tokenUsable: false })),
    ).toEqual(["interrupted 250", "waiting"]);
  });

  test("after ten live seconds starts the backoff over", () => {
    const script = [
      start,
      failed(1, "unavailable"),
      tick(250),
      [{ type: "hello", stream: 2 }, { now: 300 }],
    ] as const;
    expect(outcome(...script, failed(2, "unavailable", { now: 10_299 }))).toEqual([
      "interrupted 500",
      "waiting",
    ]);
    expect(outcome(...script, failed(2, "unavailable", { now: 10_300 }))).toEqual([
      "interrupted 250",
      "waiting",
    ]);
  });
});
