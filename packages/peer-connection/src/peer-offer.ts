import type { DescriptionSignal } from "@peerline/call-machine";
import {
  type Needs,
  type Negotiation,
  type NegotiationPhase,
  noNeeds,
  type Step,
  settled,
  stopTimers,
  union,
} from "./negotiation-state.ts";

/** A new one is applied, unless it collides and this side is impolite; one that was replied to gets its reply again. */
export function receiveOffer(state: Negotiation, offer: DescriptionSignal): Step {
  if (offer.offerNumber <= state.remoteOfferNumber) {
    const { reply } = state;
    return [state, reply?.offerNumber === offer.offerNumber ? [{ type: "send", description: reply }] : []];
  }
  const collides = state.phase.name === "awaiting";
  if (collides && !state.polite) return [{ ...state, ignoring: true }, []];
  const op = state.op + 1;
  const before = state.phase.name === "awaiting" ? union(state.needs, state.phase.own) : state.needs;
  return [
    { ...state, op, needs: noNeeds, ignoring: false, phase: { name: "answering", op, offer, before } },
    [...stopTimers, { type: "applyOffer", op, rollBack: collides, description: offer }],
  ];
}

type Answering = Extract<NegotiationPhase, { name: "answering" }>;

/** The answer is set here: it goes to the peer, and the exchange is complete. */
export function answered(state: Negotiation, { offer, before }: Answering, sdp: string): Step {
  const reply: DescriptionSignal = { ...offer, type: "answer", sdp };
  const left: Needs = {
    // The first exchange, whoever offered it, sets up everything that both sides wanted.
    change: state.established && before.change,
    // New credentials on both sides are an ICE restart for both.
    restart: before.restart && !offer.iceRestart,
  };
  const next = {
    ...settled(state),
    needs: union(state.needs, left),
    reply,
    remoteOfferNumber: offer.offerNumber,
  };
  return [next, [{ type: "send", description: reply }]];
}

/** The platform would not have it: the peer is told, and all stays as it was. */
export function refused(state: Negotiation, { offer, before }: Answering): Step {
  const reply: DescriptionSignal = { ...offer, type: "reject", sdp: "" };
  const next: Negotiation = {
    ...state,
    needs: union(state.needs, before),
    phase: { name: "stable" },
    reply,
    remoteOfferNumber: offer.offerNumber,
  };
  return [next, [{ type: "send", description: reply }]];
}
