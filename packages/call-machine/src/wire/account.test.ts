import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountOf } from "./account.ts";

const accepted = /^[a-z0-9._-]{1,64}$/;
const long = "x".repeat(64);

test.each(["alice", "a.b_c-d", "user-7", long, "0"])("%s is its own account", (name) => {
  expect(accountOf(name)).toBe(name);
});

test.each([
  ["C++", "C#"],
  ["José", "Jose"],
  ["Jo Ann", "Jo-Ann"],
  ["Jo Ann", "JoAnn"],
  [`${long}a`, `${long}b`],
  [long, `${long}a`],
  ["Иван", "Илья"],
  ["山田", "山本"],
  ["!!!", "???"],
  [".", ".."],
  ["-", "_"],
  ["🎈", "🎉"],
  ["👩\u200d👩\u200d👧", "👩👩👧"],
  ["👍🏻", "👍🏿"],
  ["Straße", "Strasse"],
  ["ana!", "ana"],
  ["ana?", "ana!"],
  ["a\u0301\u0301", "a\u0301"],
  ["נ\u05b8", "נ"],
  ["5", "٥"],
  ["a/b", "a\\b"],
])("%s and %s are different people", (one, other) => {
  expect(accountOf(one)).not.toBe(accountOf(other));
});

test.each([
  ["the decomposed form", "Jose\u0301", "Jos\u00e9"],
  ["the composed form of Hangul", "한국".normalize("NFD"), "한국"],
  ["capitals", "ANA", "ana"],
  ["capitals beyond ASCII", "ИВАН", "иван"],
  ["the full width", "\uff21\uff4e\uff41", "ana"],
  ["a ligature", "\ufb01n", "fin"],
  ["space around it", " \t ana\n", "ana"],
  ["more space within", "Jo \u00a0\u2003 Ann", "Jo Ann"],
  ["a line break for a space", "Jo\r\nAnn", "Jo Ann"],
  ["direction marks", "\u202eana\u202c\u200f", "ana"],
  ["zero-width characters", "a\u200bn\u2060a\ufeff", "ana"],
  ["zero-width characters beside a space", "Jo\u200b \u200bAnn", "Jo Ann"],
  ["a soft hyphen", "an\u00ada", "ana"],
  ["a Hangul filler", "ana\u3164\u115f", "ana"],
  ["an invisible tag", "ana\u{e0041}", "ana"],
  ["a control", "ana\u0000\u0007", "ana"],
  ["half of a surrogate pair", "ana\ud800", "ana"],
  ["a variation selector", "❤\ufe0f", "❤"],
  ["a joiner that joins nothing", "a\u200dna", "ana"],
  ["an accent behind a zero-width character", "jose\u200b\u0301", "josé"],
])("a name with %s is the same", (_name, one, other) => {
  expect(accountOf(one)).toBe(accountOf(other));
});

test.each([
  ["nothing", ""],
  ["spaces", " \t\n\u00a0\u3000\u2028"],
  ["zero-width characters", "\u200b\u200c\u200d\u2060\ufeff"],
  ["combining marks", "\u0301\u0308\u20dd"],
  ["controls", "\u0000\u001b\u0085"],
  ["direction marks", "\u202e\u2066\u2069"],
  ["half surrogate pairs", "\ud800\udc00".split("").reverse().join("")],
  ["Hangul fillers", "\u3164\u115f\uffa0"],
  ["blank Braille", "\u2800"],
  ["variation selectors and tags", "\ufe0f\u{e0101}\u{e0041}"],
])("a name of %s has nothing to see", (_name, name) => {
  expect(accountOf(name)).toBeUndefined();
});

test.each([
  ["José", /^jose-[0-9a-z]{11}$/],
  ["Ana Torres", /^ana-torres-[0-9a-z]{11}$/],
  ["山田 太郎", /^user-[0-9a-z]{11}$/],
  ["__proto__", /^__proto__$/],
])("%s has an account that can be read", (name, expected) => {
  expect(accountOf(name)).toMatch(expected);
});

describe("any name", () => {
  const names = fc.string({ unit: "binary", maxLength: 90 });
  const check = (
    property: fc.IProperty<string[]> | fc.IProperty<[string]> | fc.IProperty<[string, string]>,
  ) => fc.assert(property as fc.IProperty<unknown>, { seed: 8, numRuns: 2_000 });

  test("has an account that the server takes, and that is its own account", () => {
    check(
      fc.property(names, (name) => {
        const account = accountOf(name);
        if (account === undefined) return;
        expect(account).toMatch(accepted);
        expect(accountOf(account)).toBe(account);
      }),
    );
  });

  test("is the same in all four forms of Unicode", () => {
    check(
      fc.property(names, (name) => {
        const forms = (["NFC", "NFD", "NFKC", "NFKD"] as const).map((form) =>
          accountOf(name.normalize(form)),
        );
        expect(new Set(forms)).toEqual(new Set([accountOf(name)]));
      }),
    );
  });
});

test("a hundred thousand different names have as many accounts", () => {
  const names = Array.from({ length: 100_000 }, (_, index) => `Ana ${index}`);
  expect(new Set(names.map(accountOf)).size).toBe(names.length);
});

test("a million characters are one name", () => {
  expect(accountOf(`${"-".repeat(500_000)}x${" ".repeat(500_000)}`)).toMatch(accepted);
});
