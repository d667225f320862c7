import { describe, expect, test } from "vitest";
import { busy, failed, live, outcome, type Scripted, said, start, tick } from "./testing/link-script.ts";

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

  test("is superseded by an own attempt whose connection broke, and that reached the server all the same", () => {
    expect(
      outcome(
        start,
        failed(1, "unavailable"),
        tick(1_000),
        [{ type: "hello", stream: 2 }, { now: 1_100 }],
        failed(2, "superseded", { now: 1_200 }),
      ),
    ).toEqual(["interrupted 500", "waiting"]);
  });

  test("is superseded by an own late attempt: one more try, then no more", () => {
    const stray = [start, tick(5_000), tick(5_250), [{ type: "hello", stream: 2 }, { now: 5_300 }]] as const;
    const once = [...stray, failed(2, "superseded", { now: 5_400 })] as const;
    expect(outcome(...once)).toEqual(["interrupted 500", "waiting"]);
    expect(
      outcome(
        ...once,
        tick(6_000),
        [{ type: "hello", stream: 3 }, { now: 6_100 }],
        failed(3, "superseded", { now: 6_200 }),
      ),
    ).toEqual(["stopped superseded", "stopped"]);
  });

  test("is superseded by each of several own late attempts, and not by one more", () => {
    const twice = [
      start,
      tick(5_000),
      tick(5_250),
      tick(10_250),
      tick(10_750),
      [{ type: "hello", stream: 3 }, { now: 10_800 }],
      failed(3, "superseded", { now: 11_000 }),
      tick(12_000),
      [{ type: "hello", stream: 4 }, { now: 12_100 }],
      failed(4, "superseded", { now: 12_200 }),
    ] as const;
    expect(outcome(...twice)).toEqual(["interrupted 2000", "waiting"]);
    expect(
      outcome(
        ...twice,
        tick(14_200),
        [{ type: "hello", stream: 5 }, { now: 14_300 }],
        failed(5, "superseded", { now: 14_400 }),
      ),
    ).toEqual(["stopped superseded", "stopped"]);
  });

  test("is superseded by the last attempt of the page before its reload, and then by nothing else", () => {
    const reloaded = [[{ type: "start", formerLife: true }], said(1, 100)] as const;
    const once = [...reloaded, failed(1, "superseded", { now: 200 })] as const;
    expect(outcome(...once)).toEqual(["interrupted 250", "waiting"]);
    expect(outcome(...once, tick(700), said(2, 800), failed(2, "superseded", { now: 900 }))).toEqual([
      "stopped superseded",
      "stopped",
    ]);
    expect(outcome(...reloaded, failed(1, "superseded", { now: 30_000 }))).toEqual([
      "stopped superseded",
      "stopped",
    ]);
  });

  test("is superseded by someone else once its late attempts are too old to be still on their way", () => {
    const stray = [start, tick(5_000), tick(5_250), [{ type: "hello", stream: 2 }, { now: 5_300 }]] as const;
    expect(outcome(...stray, failed(2, "superseded", { now: 34_999 }))[0]).toMatch(/^interrupted/);
    expect(outcome(...stray, failed(2, "superseded", { now: 35_000 }))).toEqual([
      "stopped superseded",
      "stopped",
    ]);
  });
});
