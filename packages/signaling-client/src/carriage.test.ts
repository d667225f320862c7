import { describe, expect, test } from "vitest";
import {
  afterAttempt,
  afterHello,
  afterStream,
  anyCarriage,
  type Carriage,
  type Carrier,
  carrierFor,
  elsewhere,
  probeDueAt,
} from "./carriage.ts";
import { defaultTiming } from "./timing.ts";

const now = 1_000;
const probeMs = 300_000;
const never = Number.POSITIVE_INFINITY;
const fallen = { fallback: "on", probeAt: now } as const;
const known = (facts: Partial<Carriage>): Carriage => ({ ...anyCarriage, ...facts });

describe("the carrier of the next attempt", () => {
  test.each<[string, Partial<Carriage>, boolean, Carrier]>([
    ["is a stream when nothing is known", {}, false, "stream"],
    ["is a poll where a platform cannot stream", { only: "poll" }, false, "poll"],
    [
      "is a stream where only that is wanted, seen or not",
      { only: "stream", prefersPoll: true },
      false,
      "stream",
    ],
    ["is a poll for a tab that nobody looks at", { prefersPoll: true }, false, "poll"],
    ["is a poll to find out whether polling works", { fallback: "trying", probeAt: 0 }, false, "poll"],
    ["is a poll before the probe is due", { ...fallen, probeAt: now + 1 }, false, "poll"],
    ["is a stream when the probe is due", fallen, false, "stream"],
    ["is a poll when the probe is due in a call", fallen, true, "poll"],
  ])("%s", (_name, facts, inCall, carrier) => expect(carrierFor(known(facts), now, inCall)).toBe(carrier));
});

describe("a stream is tried beside the polls", () => {
  test.each<[string, Partial<Carriage>, boolean, number]>([
    ["when the probe is due", fallen, false, now],
    ["never in a call", fallen, true, never],
    ["never while nobody looks", { ...fallen, prefersPoll: true }, false, never],
    ["never where a platform cannot stream", { ...fallen, only: "poll" }, false, never],
    ["never when the polls are not for want of a stream", { probeAt: now }, false, never],
    ["never before polling is known to work", { ...fallen, fallback: "trying" }, false, never],
  ])("%s", (_name, facts, inCall, at) => expect(probeDueAt(known(facts), inCall)).toBe(at));
});

describe("a hello", () => {
  test.each<[string, Carrier, Partial<Carriage>, Partial<Carriage>]>([
    ["of a stream shows that streaming works", "stream", { mute: 1, fallback: "trying" }, {}],
    [
      "of a poll that was tried shows that a proxy buffers",
      "poll",
      { mute: 2, broken: 1, fallback: "trying" },
      { fallback: "on", probeAt: now + probeMs },
    ],
    ["of a later poll moves no probe", "poll", fallen, fallen],
    ["of a poll for other reasons says nothing", "poll", { mute: 1 }, { mute: 1 }],
  ])("%s", (_name, carrier, before, after) =>
    expect(afterHello(known(before), carrier, now, defaultTiming)).toEqual(known(after)),
  );
});

describe("an attempt that ends without a hello", () => {
  test.each<[string, Carrier, boolean, Partial<Carriage>, Partial<Carriage>]>([
    ["and was mute is counted", "stream", true, {}, { mute: 1 }],
    [
      "and was the second mute one makes a poll be tried",
      "stream",
      true,
      { mute: 1 },
      { mute: 2, fallback: "trying" },
    ],
    ["and was refused starts the count over", "stream", false, { mute: 1 }, {}],
    [
      "and was a probe is followed by polls until the next",
      "stream",
      true,
      fallen,
      { ...fallen, probeAt: now + probeMs },
    ],
    [
      "and was the poll to find out goes back to streams",
      "poll",
      true,
      { mute: 2, broken: 3, fallback: "trying" },
      {},
    ],
    ["and was one of many polls changes nothing", "poll", true, fallen, fallen],
  ])("%s", (_name, carrier, mute, before, after) =>
    expect(afterAttempt(known(before), { carrier, mute }, now, defaultTiming)).toEqual(known(after)),
  );
});

describe("a stream that ends after its hello", () => {
  test.each<[string, number, boolean, Partial<Carriage>, Partial<Carriage>]>([
    ["soon is counted", 9_999, true, { broken: 1 }, { broken: 2 }],
    [
      "soon for the third time makes a poll be tried",
      9_999,
      true,
      { broken: 2 },
      { broken: 3, fallback: "trying" },
    ],
    ["after ten seconds starts the count over", 10_000, true, { broken: 2 }, {}],
    ["with a word of the server starts the count over", 0, false, { broken: 2 }, {}],
  ])("%s", (_name, livedMs, broken, before, after) =>
    expect(afterStream(known(before), { livedMs, broken }, defaultTiming)).toEqual(known(after)),
  );
});

test("another network keeps what platform and application want, and nothing that was found out", () => {
  const wanted = { only: "poll", prefersPoll: true } as const;
  expect(elsewhere(known({ ...fallen, ...wanted, mute: 1, broken: 2 }))).toEqual(known(wanted));
});
