import type { DescriptionSignal } from "@peerline/call-machine";
import { describe, expect, test } from "vitest";
import { startNegotiation } from "./negotiation.ts";
import { type Negotiation, type Step, stopTimers } from "./negotiation-state.ts";
import { gone, rollBack, rolledBack } from "./rollback.ts";

const own = { number: 2, change: true, restart: false };
const restart = { number: 2, change: false, restart: true };
const waiting: DescriptionSignal = {
  type: "offer",
  sdp: "theirs",
  generation: 1,
  offerNumber: 1,
  iceRestart: false,
};
const [fresh] = startNegotiation({ polite: false, generation: 1, offer: false });
const first: Negotiation = { ...fresh, inbox: [waiting] };
const established: Negotiation = { ...first, established: true, op: 4 };
const dead = { phase: { name: "dead" }, inbox: [] } as const;

describe("an own offer", () => {
  const table: [string, () => Step, Step][] = [
    [
      "that failed is rolled back",
      () => rollBack(established, own, "failed"),
      [
        { ...established, op: 5, phase: { name: "rollingBack", op: 5, own, why: "failed" } },
        [...stopTimers, { type: "rollBack", op: 5 }],
      ],
    ],
    [
      "that was the first ends the connection: there is nothing to go back to",
      () => rollBack(first, own, "rejected"),
      [{ ...first, ...dead }, [...stopTimers, { type: "broken", reason: "incompatible" }]],
    ],
    [
      "that failed is wanted again after a pause, and what came meanwhile is still read",
      () => rolledBack(established, own, "failed"),
      [
        {
          ...established,
          phase: { name: "backoff" },
          needs: { change: true, restart: false },
          failures: 1,
        },
        [{ type: "startTimer", id: "backoff", minMs: 500, maxMs: 1_500 }],
      ],
    ],
    [
      "that failed too often is the last",
      () => rolledBack({ ...established, failures: 3 }, own, "failed"),
      [
        { ...established, ...dead, failures: 3 },
        [...stopTimers, { type: "broken", reason: "negotiation-failed" }],
      ],
    ],
    [
      "that was rejected is forgotten, with the failures before it",
      () => rolledBack({ ...established, failures: 2 }, own, "rejected"),
      [{ ...established, phase: { name: "stable" }, failures: 0 }, []],
    ],
    [
      "for an ICE restart that was rejected asks for a fresh connection",
      () => rolledBack(established, restart, "rejected"),
      [{ ...established, phase: { name: "stable" } }, [{ type: "stuck" }]],
    ],
  ];
  test.each(table)("%s", (_what, step, expected) => {
    expect(step()).toEqual(expected);
  });
});

test("a connection beyond use is stuck where one has worked before, else broken; what came meanwhile is dropped", () => {
  expect(gone(established)).toEqual([{ ...established, ...dead }, [...stopTimers, { type: "stuck" }]]);
  expect(gone(first)).toEqual([
    { ...first, ...dead },
    [...stopTimers, { type: "broken", reason: "negotiation-failed" }],
  ]);
});
