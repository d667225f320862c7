import { expect, test } from "vitest";
import { ServerError } from "../errors/server-error.ts";
import { createAdmission } from "./admission.ts";

const rate = { perSecond: 2_000, burst: 2_000 };

/** Ms to wait, 0 when let in. */
function ask(admission: ReturnType<typeof createAdmission>, key: string): number {
  try {
    admission.assertRoom(key);
    return 0;
  } catch (reason) {
    if (reason instanceof ServerError && reason.code === "overloaded") return reason.fields.retryAfterMs ?? 0;
    throw reason;
  }
}

test("91: 10,000 endpoints that come back in one instant are all in after 4 s, and never more than 2,000 in a second", () => {
  let now = 0;
  const admission = createAdmission(rate, () => now);
  const due = Array.from({ length: 10_000 }, (_, index) => ({ key: `endpoint ${index}`, at: 0 }));
  const admittedAt: number[] = [];
  let refusals = 0;
  for (let next = due.shift(); next; next = due.shift()) {
    now = Math.max(now, next.at);
    const waitMs = ask(admission, next.key);
    if (waitMs === 0) admittedAt.push(now);
    else {
      refusals += 1;
      due.push({ key: next.key, at: now + waitMs });
    }
  }
  const bySecond = [0, 1, 2, 3, 4, 5].map(
    (second) => admittedAt.filter((at) => Math.ceil(at / 1_000) === second).length,
  );
  expect(bySecond).toEqual([2_000, 2_000, 2_000, 2_000, 2_000, 0]);
  expect([admittedAt.length, refusals]).toEqual([10_000, 8_000]);
});

test("91: … and within 10 s when each comes up to 2 s later than it was told, as its own backoff has it", () => {
  let now = 0;
  const admission = createAdmission(rate, () => now);
  const due = new Map([[0, Array.from({ length: 10_000 }, (_, index) => `endpoint ${index}`)]]);
  let lastAt = Number.POSITIVE_INFINITY;
  let lateMs = 0;
  for (let left = 10_000; left > 0; now++) {
    for (const key of due.get(now) ?? []) {
      const waitMs = ask(admission, key);
      lateMs = (lateMs + 7_919) % 2_000;
      const at = now + waitMs + lateMs;
      if (waitMs > 0) due.set(at, [...(due.get(at) ?? []), key]);
      else left -= 1;
    }
    lastAt = now;
  }
  expect(lastAt).toBeLessThanOrEqual(10_000);
});

test("who comes before its moment keeps it, and is let in then though others come", () => {
  let now = 0;
  const admission = createAdmission({ perSecond: 1, burst: 1 }, () => now);
  expect(["a", "b", "c"].map((key) => ask(admission, key))).toEqual([0, 1_000, 2_000]);
  now = 400;
  expect([ask(admission, "b"), ask(admission, "d")]).toEqual([600, 2_600]);
  now = 1_000;
  expect([ask(admission, "e"), ask(admission, "b")]).toEqual([3_000, 0]);
});

test("a moment that nobody comes for is given up, and nobody waits longer than 30 s", () => {
  let now = 0;
  const admission = createAdmission({ perSecond: 1, burst: 1 }, () => now);
  const waits = Array.from({ length: 50 }, (_, index) => ask(admission, `endpoint ${index}`));
  expect([waits.at(-1), Math.max(...waits)]).toEqual([30_000, 30_000]);
  now = 60_000;
  expect([ask(admission, "endpoint 5"), ask(admission, "endpoint 6")]).toEqual([0, 1_000]);
});
