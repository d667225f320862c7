import { create } from "@bufbuild/protobuf";
import {
  CallStateSchema,
  Description_Type,
  DescriptionSchema,
  PartySchema,
  PresenceUpdate_ItemSchema,
} from "@peerline/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromCallState, fromDescription, fromParty, fromPresence } from "./inbound.ts";
import { durationMs, momentMs, nameFrom, textFrom } from "./values.ts";

const maxInt64 = 2n ** 63n - 1n;

describe("a moment", () => {
  test.each([
    [0n, 0, 0],
    [1_795_853_502n, 81_999_999, 1_795_853_502_081],
    [253_402_300_799n, 999_999_999, 253_402_300_799_999],
    [253_402_300_800n, 0, undefined],
    [1_795_853_502_081_000n, 0, undefined],
    [maxInt64, 0, undefined],
    [-1n, 0, undefined],
    [-maxInt64, 0, undefined],
    [5n, -1, undefined],
    [5n, 1_000_000_000, undefined],
    [5n, 2 ** 31 - 1, undefined],
  ])("of %s s and %s ns is %s ms", (seconds, nanos, ms) => {
    expect(momentMs({ seconds, nanos })).toBe(ms);
  });

  test("that was not given is none, and any that is one can be shown", () => {
    expect(momentMs(undefined)).toBeUndefined();
    const property = fc.property(
      fc.bigInt({ min: -maxInt64, max: maxInt64 }),
      fc.integer(),
      (seconds, nanos) => {
        const ms = momentMs({ seconds, nanos });
        if (ms !== undefined) expect(new Date(ms).toISOString()).toMatch(/^[0-9]{4}-/);
      },
    );
    fc.assert(property, { seed: 3 });
  });
});

test.each([
  [undefined, 0],
  [{ seconds: 2n, nanos: 500_000_000 }, 2_500],
  [{ seconds: -2n, nanos: 0 }, 0],
  [{ seconds: 0n, nanos: -5 }, 0],
  [{ seconds: 2_147_484n, nanos: 0 }, 2 ** 31 - 1],
  [{ seconds: maxInt64, nanos: 0 }, 2 ** 31 - 1],
])("the length %o is %s ms, which a timer takes", (duration, ms) => {
  expect(durationMs(duration)).toBe(ms);
});

test.each([
  ["Ana", "Ana"],
  ["  Ana\tMaria\r\n Lima ", "Ana Maria Lima"],
  ["José 👩‍👩‍👧 日本", "José 👩‍👩‍👧 日本"],
  ["‮evil‬ ⁦name⁩", "evil name"],
  ["A\0n\u0007a\u009f", "Ana"],
  ["half \ud83d", "half \ufffd"],
  ["\udc00\ud800", "\ufffd\ufffd"],
  ["", undefined],
  [" \u200b\u200d\u2060 ", undefined],
  ["\u3164\u2800\u115f", undefined],
  ["‮‮", undefined],
])("the name %j is shown as %j", (given, shown) => {
  expect(nameFrom(given)).toBe(shown);
});

test("a name of a megabyte is cut, and not in the middle of a character that would break the rest", () => {
  expect(nameFrom("x".repeat(2 ** 20))).toBe("x".repeat(256));
  expect(nameFrom("👋".repeat(2 ** 20))).toBe("👋".repeat(128));
  expect(nameFrom(`x${"👋".repeat(2 ** 20)}`)).toBe(`x${"👋".repeat(127)}\ufffd`);
});

test.each([
  ["one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"],
  ["a\tb", "a\tb"],
  ["nul\0‮abc", "nulabc"],
  ["\0\u0001", undefined],
  ["\n\n", undefined],
])("the text %j is shown as %j", (given, shown) => {
  expect(textFrom(given)).toBe(shown);
});

test("whatever is given, a name and a text are well formed, and clean a second time as they are", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
    fc.base64String(),
  );
  const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
  const property = fc.property(fc.oneof(anything, units), (given) => {
    for (const clean of [nameFrom, textFrom]) {
      const once = clean(given);
      if (once === undefined) continue;
      expect(once.isWellFormed()).toBe(true);
      expect(once).not.toMatch(/[\0\u202a-\u202e\u2066-\u2069]/);
      expect(clean(once)).toBe(once);
    }
  });
  fc.assert(property, { seed: 3, numRuns: 500 });
});

describe("what a peer says through the server", () => {
  test("shows a clean name, and keeps the account's own as it is", () => {
    const user = "ana‮";
    expect(fromParty(create(PartySchema, { user, displayName: "\0" }))).toEqual({ user, displayName: "ana" });
    expect(fromParty(create(PartySchema, { user: "\0", displayName: "" }))).toEqual({
      user: "\0",
      displayName: "\0",
    });
    const item = create(PresenceUpdate_ItemSchema, { user: "ben", displayName: "B\ne‮n" });
    expect(fromPresence(item)).toMatchObject({ user: "ben", displayName: "B en" });
  });

  test("counts no connection and no offer so high that the next one has no number", () => {
    const sdp = { case: "sdp", value: "v=0" } as const;
    const described = (pcGeneration: number, offerNumber: number) =>
      fromDescription(
        create(DescriptionSchema, { type: Description_Type.OFFER, body: sdp, pcGeneration, offerNumber }),
      );
    expect([described(0xffff_ffff, 1), described(1, 0xffff_ffff)]).toEqual([undefined, undefined]);
    expect(described(0x7fff_ffff, 1)).toMatchObject({ generation: 0x7fff_ffff });
    expect(fromCallState(create(CallStateSchema, { pcGeneration: 0xffff_ffff })).generation).toBeUndefined();
    expect(fromCallState(create(CallStateSchema, { pcGeneration: 7 })).generation).toBe(7);
  });
});
