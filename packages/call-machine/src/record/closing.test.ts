import { describe, expect, test } from "vitest";
import { active, ana, ben1, ben2, over, ringing } from "../docs/record-samples.ts";
import { decide, type Endpoint, longestUntil } from "./index.ts";

const ended = (to: Endpoint, reason: string, by: string, talkedMs: number | undefined) => ({
  to: to.key,
  event: { type: "ended", reason, by, deviceLabel: "", talkedMs },
});

describe("102: the longest call", () => {
  const maxMs = 12 * 60 * 60_000;
  const reached = (at: number) => ({ type: "durationReached", at, maxMs }) as const;

  test("102: ends at twelve hours from the accept, not a millisecond before", () => {
    expect(decide(active, reached(maxMs + 999))).toMatchObject({ record: active, applied: false });
    expect(decide(active, reached(maxMs + 1_000)).deliveries).toEqual([
      ended(ana, "max-duration", "server", maxMs),
      ended(ben1, "max-duration", "server", maxMs),
    ]);
  });

  test("102: is no matter of one that rings or is over", () => {
    for (const record of [ringing, over]) {
      expect(longestUntil(record, maxMs)).toBeUndefined();
      expect(decide(record, reached(2 * maxMs)).record).toBe(record);
    }
  });
});

test("a call without the time of its accept has no longest end", () => {
  expect(longestUntil({ ...active, acceptedAt: undefined }, 1)).toBeUndefined();
});

describe("95: a user who may not call any more", () => {
  const revoked = (from: Endpoint) => ({ type: "revoked", at: 5_000, key: from.key }) as const;

  test("95: ends the accepted call of both, and the one that rings of a caller", () => {
    expect(decide(active, revoked(ben1)).deliveries).toEqual([
      ended(ana, "not-allowed", "server", 4_000),
      ended(ben1, "not-allowed", "server", 4_000),
    ]);
    expect(decide(ringing, revoked(ana)).deliveries).toEqual(
      [ana, ben1, ben2].map((to) => ended(to, "not-allowed", "server", undefined)),
    );
  });

  test("95: changes nothing for a device that only rings, that lost, or whose call is over", () => {
    expect(decide(ringing, revoked(ben1)).record).toBe(ringing);
    expect(decide(active, revoked(ben2)).record).toBe(active);
    expect(decide(over, revoked(ana)).record).toBe(over);
  });
});

describe("a call that makes room for another caller", () => {
  test("ends unanswered for its caller and for every device that rang", () => {
    expect(decide(ringing, { type: "crowdedOut", at: 3_000 }).deliveries).toEqual(
      [ana, ben1, ben2].map((to) => ended(to, "no-answer", "server", undefined)),
    );
  });

  test("is one that rings: one that was taken or is over stays as it is", () => {
    for (const record of [active, over]) {
      expect(decide(record, { type: "crowdedOut", at: 3_000 }).record).toBe(record);
    }
  });
});

describe("a call in the place of another", () => {
  test("ends the accepted one for both parties", () => {
    const decision = decide(active, { type: "replaced", at: 3_000, by: "callee" });
    expect(decision.deliveries).toEqual([
      ended(ana, "replaced", "callee", 2_000),
      ended(ben1, "replaced", "callee", 2_000),
    ]);
  });

  test("ends one that rings when it is the caller who calls again", () => {
    expect(decide(ringing, { type: "replaced", at: 3_000, by: "caller" }).deliveries).toEqual(
      [ana, ben1, ben2].map((to) => ended(to, "replaced", "caller", undefined)),
    );
  });

  test("does nothing to one that is over, nor to one that rings for its callee", () => {
    expect(decide(over, { type: "replaced", at: 3_000, by: "caller" }).record).toBe(over);
    expect(decide(ringing, { type: "replaced", at: 3_000, by: "callee" }).record).toBe(ringing);
  });
});
