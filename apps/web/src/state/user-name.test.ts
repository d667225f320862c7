import { expect, test } from "vitest";
import { hueOf, initials, shownName, toUser } from "./user-name.ts";

test.each([
  ["alice", "alice"],
  ["  Alice ", "alice"],
  [" \u200b ", ""],
])("%s signs in as %s", (name, user) => {
  expect(toUser(name)).toBe(user);
});

test.each([
  ["alice", "A"],
  ["Ana Torres", "AT"],
  ["Ana María de la Torre", "AT"],
  ["ana.torres", "AT"],
  ["élise", "É"],
  ["山田", "山"],
  ["", "?"],
])("the initials of %s are %s", (name, expected) => {
  expect(initials(name)).toBe(expected);
});

test.each([
  ["\u202eevil\u2066", "evil"],
  ["Ana\nTorres", "AnaTorres"],
  ["x".repeat(300), "x".repeat(64)],
  ["👩‍👩‍👧", "👩‍👩‍👧"],
])("%j is shown as %j, to oneself as to others", (name, shown) => {
  expect(shownName(name)).toBe(shown);
});

test("a person's colour is one of 24 and never changes", () => {
  const hues = Array.from({ length: 500 }, (_, index) => hueOf(`user-${index}`));
  expect(new Set(hues)).toEqual(new Set(Array.from({ length: 24 }, (_, index) => index * 15)));
  expect(hueOf("alice")).toBe(hueOf("alice"));
});
