import { expect, test } from "vitest";
import { ServerError } from "../errors/server-error.ts";
import { createRevocations } from "./revocations.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const leewayMs = 30_000;

function setUp() {
  const time = { now: 1_000_000_000 };
  const revocations = createRevocations(() => time.now, leewayMs);
  const judge = (user: string, issuedAt?: number) => {
    const scopes = { place: true, receive: true, presence: true };
    try {
      revocations.assertGood({
        user,
        displayName: user,
        scopes,
        expiresAt: Number.POSITIVE_INFINITY,
        ...(issuedAt === undefined ? {} : { issuedAt }),
      });
      return "good";
    } catch (reason) {
      return ServerError.from(reason).code;
    }
  };
  return { time, revocations, judge, at: time.now };
}

test("a token of before is refused for as long as the process lives, however many are revoked after it", () => {
  const { time, revocations, judge, at } = setUp();
  revocations.revoke("ada");
  time.now += 400 * dayMs;
  for (let index = 0; index < 2_000; index++) revocations.revoke(`other ${index}`);
  expect([judge("ada", at - 1), judge("ada"), judge("bob", 0)]).toEqual(["revoked", "revoked", "good"]);
});

test("a token of an issuer whose clock is ahead is refused, and one of half a minute later is good", () => {
  const { time, revocations, judge, at } = setUp();
  revocations.revoke("ada");
  expect([judge("ada", at), judge("ada", at + 20_000)]).toEqual(["revoked", "revoked"]);
  time.now += 40_000;
  expect([judge("ada", at + 20_000), judge("ada", at + 31_000)]).toEqual(["revoked", "good"]);
});

test("a token from the future is refused then, and when its time has come", () => {
  const { time, revocations, judge, at } = setUp();
  revocations.revoke("ada");
  expect(judge("ada", at + dayMs)).toBe("revoked");
  time.now += dayMs + 1;
  expect([judge("ada", at + dayMs), judge("ada", at + dayMs + 1)]).toEqual(["revoked", "good"]);
});

test("a clock that is set back makes no revoked token good", () => {
  const { time, revocations, judge, at } = setUp();
  revocations.revoke("ada");
  time.now -= dayMs;
  revocations.revoke("ada");
  expect([judge("ada", at), judge("ada", at - dayMs)]).toEqual(["revoked", "revoked"]);
});
