import { expect, test } from "vitest";
import { type CredentialLife, isStale, refreshAt } from "./credential-life.ts";

const minuteMs = 60_000;
const hour: CredentialLife = { since: 1_000, validForMs: 60 * minuteMs };
const short: CredentialLife = { since: 1_000, validForMs: 10 * minuteMs };
const endless: CredentialLife = { since: 1_000, validForMs: undefined };

test("credentials are replaced at half of their life, and those without an end never", () => {
  expect([hour, short, endless].map(refreshAt)).toEqual([
    1_000 + 30 * minuteMs,
    1_000 + 5 * minuteMs,
    undefined,
  ]);
});

test("credentials without a life are replaced once a second, not in a storm", () => {
  expect(refreshAt({ since: 1_000, validForMs: 0 })).toBe(2_000);
});

test("an ICE restart needs fresh ones with less than 10 minutes left, or half of a short life", () => {
  const rows: readonly [CredentialLife, number, boolean][] = [
    [hour, 0, false],
    [hour, 50, false],
    [hour, 51, true],
    [hour, 90, true],
    [short, 0, false],
    [short, 5, false],
    [short, 6, true],
    [endless, 100_000, false],
  ];
  const stale = rows.map(([life, minutes]) => isStale(life, life.since + minutes * minuteMs));
  expect(stale).toEqual(rows.map(([, , expected]) => expected));
});
