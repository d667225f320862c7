import type { DescriptionSignal } from "@peerline/call-machine";
import { describe, expect, test } from "vitest";
import { startNegotiation } from "./negotiation.ts";
import { type Negotiation, noNeeds, type Step, stopTimers } from "./negotiation-state.ts";
import { answered, receiveOffer, refused } from "./peer-offer.ts";

const offer = (offerNumber: number, iceRestart = false): DescriptionSignal => ({
  type: "offer",
  sdp: `theirs ${offerNumber}`,
  generation: 1,
  offerNumber,
  iceRestart,
});
const change = { change: true, restart: false };
const restart = { change: false, restart: true };
const both = { change: true, restart: true };
const [fresh] = startNegotiation({ polite: true, generation: 1, offer: false });
const established: Negotiation = { ...fresh, established: true, failures: 2 };
const awaiting: Negotiation = {
  ...established,
  needs: restart,
  phase: { name: "awaiting", own: { number: 1, ...change }, offer: offer(1) },
};
const answering = (before: typeof change, iceRestart = false) =>
  ({ name: "answering", op: 1, offer: offer(1, iceRestart), before }) as const;
const apply = (rollBack: boolean): Step[1] => [
  ...stopTimers,
  { type: "applyOffer", op: 1, rollBack, description: offer(1) },
];

describe("the peer's offer", () => {
  const table: [string, () => Step, Step][] = [
    [
      "is applied, and what was needed is noted",
      () => receiveOffer({ ...established, needs: change, ignoring: true }, offer(1)),
      [{ ...established, op: 1, phase: answering(change) }, apply(false)],
    ],
    [
      "against which the own one gives way takes over what that was for",
      () => receiveOffer(awaiting, offer(1)),
      [{ ...established, op: 1, phase: answering(both) }, apply(true)],
    ],
    [
      "against which this side insists is ignored",
      () => receiveOffer({ ...awaiting, polite: false }, offer(1)),
      [{ ...awaiting, polite: false, ignoring: true }, []],
    ],
    ["with a number that none has is dropped", () => receiveOffer(fresh, offer(0)), [fresh, []]],
  ];
  test.each(table)("%s", (_what, step, expected) => {
    expect(step()).toEqual(expected);
  });
});

describe("the answer", () => {
  const reply = { ...offer(1), type: "answer", sdp: "own" } as const;
  const settled = { ...established, failures: 0, remoteOfferNumber: 1 };
  const table: [string, () => Step, Step][] = [
    [
      "of the first exchange sets up all that both sides wanted",
      () => answered(fresh, answering(change), "own"),
      [{ ...settled, reply }, [{ type: "send", description: reply }]],
    ],
    [
      "of a later one leaves what this side wanted before, and since",
      () => answered({ ...established, needs: restart }, answering(change), "own"),
      [{ ...settled, reply, needs: both }, [{ type: "send", description: reply }]],
    ],
    [
      "to an ICE restart leaves no restart to be wanted",
      () => answered(established, answering(both, true), "own"),
      [
        { ...settled, reply: { ...reply, iceRestart: true }, needs: change },
        [{ type: "send", description: { ...reply, iceRestart: true } }],
      ],
    ],
  ];
  test.each(table)("%s", (_what, step, expected) => {
    expect(step()).toEqual(expected);
  });
});

test("a refused offer is rejected without SDP, and all that was wanted still is", () => {
  const reply = { ...offer(1), type: "reject", sdp: "" } as const;
  const state = { ...established, needs: noNeeds, phase: answering(both) };
  expect(refused(state, answering(both))).toEqual([
    { ...established, needs: both, phase: { name: "stable" }, reply, remoteOfferNumber: 1 },
    [{ type: "send", description: reply }],
  ]);
});
