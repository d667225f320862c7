import { expect, test } from "vitest";
import { usableToken } from "./token.ts";

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["the token alone", "eyJh.eyJz.c2ln"],
  ["a function", () => ({ token: "a" })],
  ["an object without a token", {}],
  ["an empty token", { token: "" }],
  ["a token that is a number", { token: 7 }],
  ["a token that is a promise", { token: Promise.resolve("a") }],
  ["a token with a line break", { token: "a\nX-Evil: 1" }],
  ["a token with a blank", { token: "Bearer a" }],
  ["a token that no header can hold", { token: "ключ" }],
  ["half a character", { token: "\ud800" }],
  ["a token of 10 MB", { token: "a".repeat(10_000_000) }],
  ["a token that has run out", { token: "a", validForMs: 0 }],
  ["a token that had run out", { token: "a", validForMs: -1 }],
  ["a life that is no number", { token: "a", validForMs: Number.NaN }],
  ["a life in words", { token: "a", validForMs: "3600000" }],
  ["a life of null", { token: "a", validForMs: null }],
])("%s is no token, and the error does not show it", (_name, given) => {
  expect(() => usableToken(given)).toThrow(
    expect.objectContaining({
      code: "no-token",
      message: expect.stringMatching(/^it(s token| gave|s validForMs) [a-zA-Z0-9 {},:]+$/),
    }),
  );
});

test.each([
  [{ token: "eyJh.eyJz.c2ln-_~+/=" }, { token: "eyJh.eyJz.c2ln-_~+/=", validForMs: undefined }],
  [
    { token: "a", validForMs: 1 },
    { token: "a", validForMs: 1 },
  ],
  [
    { token: "a", validForMs: Number.POSITIVE_INFINITY, more: 1 },
    { token: "a", validForMs: Number.POSITIVE_INFINITY },
  ],
])("%o is one", (given, token) => {
  expect(usableToken(given)).toEqual(token);
});
