import type { Negotiation, NegotiationInput } from "@peerline/peer-connection/testing";
import { asItShips } from "./side.ts";
import type { NegotiationWorldOptions } from "./world.ts";

/** A rule of the negotiation, how it is taken out, and what goes wrong without it. */
export interface NegotiationRule {
  readonly name: string;
  readonly world: NegotiationWorldOptions;
  readonly off: NegotiationWorldOptions;
  /** The beginning of the violation. */
  readonly breaks: RegExp;
}

/** PROTOCOL 1.6. */
export const negotiationRules: readonly NegotiationRule[] = [
  {
    name: "politeness: one side gives way when offers cross",
    world: { changes: 1 },
    off: { nobodyIsPolite: true },
    breaks: /^29: /,
  },
  {
    name: "offer numbers: an answer names the offer that it answers",
    world: { changes: 1, timeouts: 1 },
    off: { ask: withoutNumbers },
    breaks: /^20: |^19: |^21: /,
  },
  {
    name: "after a lost epoch the last answer and the open offer are sent again",
    world: { changes: 1, losses: 1 },
    off: { nobodySendsAgain: true },
    breaks: /^21: |^29: /,
  },
];

/** Whatever answer comes is taken for the answer to the open offer. */
function withoutNumbers(state: Negotiation, input: NegotiationInput): ReturnType<typeof asItShips> {
  const { phase } = state;
  const isReply = input.type === "received" && input.description.type !== "offer";
  if (!isReply || phase.name !== "awaiting") return asItShips(state, input);
  const own = { ...phase.own, number: input.description.offerNumber };
  return asItShips({ ...state, phase: { ...phase, own } }, input);
}
