import { describe, expect, test } from "vitest";
import { isAllowedOrigin } from "./cors.ts";
import { looksLikeHttp2 } from "./preface.ts";

test.each([
  ["http://localhost:5173", true],
  ["http://127.0.0.1", true],
  ["https://localhost:8443", true],
  ["http://[::1]:3000", true],
  ["https://app.example", true],
  ["https://app.example:444", false],
  ["http://localhost.evil.example", false],
  ["http://localhost:5173/path", false],
  ["null", false],
  ["file://", false],
  ["", false],
])("in development the origin %s is allowed: %s", (origin, expected) => {
  expect(isAllowedOrigin(origin, { allow: ["https://app.example"], loopback: true })).toBe(expected);
});

test("elsewhere only the listed origins are allowed", () => {
  const rules = { allow: ["https://app.example"], loopback: false };
  expect(
    ["https://app.example", "http://localhost:5173"].map((origin) => isAllowedOrigin(origin, rules)),
  ).toEqual([true, false]);
});

describe("the first bytes of a connection", () => {
  test.each([
    ["", undefined],
    ["P", undefined],
    ["PRI * HTTP/2.0\r", undefined],
    ["PRI * HTTP/2.0\r\n\r\nSM", true],
    ["POST / HTTP/1.1", false],
    ["PRIVATE", false],
    ["GET /", false],
  ])("%j are HTTP/2: %s", (seen, expected) => {
    expect(looksLikeHttp2(Buffer.from(seen))).toBe(expected);
  });
});
