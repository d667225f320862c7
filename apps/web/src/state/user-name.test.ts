import { expect, test } from "vitest";
import { hueOf, initials, toUser } from "./user-name.ts";

const accepted = /^[A-Za-z0-9._-]{1,64}$/;

test.each([
  ["alice", "alice"],
  ["  alice  ", "alice"],
  ["Ana Torres", "Ana-Torres"],
  ["María", "Maria"],
  ["a.b_c-d", "a.b_c-d"],
])("%s signs in as %s", (name, user) => {
  expect(toUser(name)).toBe(user);
});

test("a name without anything in it has no user", () => {
  expect(toUser("   ")).toBe("");
});

test.each(["Иван", "山田 太郎", "Zoë 🎈", "🎈", "!!!", "x".repeat(100), `${"x".repeat(100)}я`])(
  "%s becomes a name that the server takes",
  (name) => {
    expect(toUser(name)).toMatch(accepted);
  },
);

test("names that lose letters on the way stay apart", () => {
  expect(toUser("Иван")).not.toBe(toUser("Илья"));
  expect(toUser("Иван")).toBe(toUser(" Иван "));
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

test("a person's colour is one of 24 and never changes", () => {
  const hues = Array.from({ length: 500 }, (_, index) => hueOf(`user-${index}`));
  expect(new Set(hues)).toEqual(new Set(Array.from({ length: 24 }, (_, index) => index * 15)));
  expect(hueOf("alice")).toBe(hueOf("alice"));
});
