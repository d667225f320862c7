import type { DescriptionSignal } from "@peerline/call-machine";
import {
  type Negotiation,
  type NegotiationCommand,
  noNeeds,
  type OwnOffer,
  type Step,
  stopTimers,
} from "./negotiation-state.ts";
import { rollBack } from "./rollback.ts";

/** PROTOCOL 2.6. */
export const answerTimeoutMs = 15_000;

/** Asks for an offer with all that is needed. */
export function makeOffer(state: Negotiation): Step {
  const op = state.op + 1;
  const number = state.offerNumber + 1;
  const own = { number, ...state.needs };
  return [
    { ...state, op, offerNumber: number, needs: noNeeds, phase: { name: "offering", op, own } },
    [{ type: "makeOffer", op, restart: own.restart }],
  ];
}

/** The offer is set here: it goes to the peer. The first one of a connection waits without a limit, as a call rings. */
export function offered(state: Negotiation, own: OwnOffer, sdp: string): Step {
  const { generation } = state;
  const offer: DescriptionSignal = {
    type: "offer",
    sdp,
    generation,
    offerNumber: own.number,
    iceRestart: own.restart,
  };
  const next: Negotiation = { ...state, phase: { name: "awaiting", own, offer } };
  const send: NegotiationCommand = { type: "send", description: offer };
  if (!state.established) return [next, [send]];
  return [next, [send, { type: "startTimer", id: "answer", minMs: answerTimeoutMs, maxMs: answerTimeoutMs }]];
}

/** The peer answers or rejects the open offer; what replies to another one is dropped. */
export function receiveReply(state: Negotiation, reply: DescriptionSignal): Step {
  if (state.phase.name !== "awaiting" || state.phase.own.number !== reply.offerNumber) return [state, []];
  const { own } = state.phase;
  if (reply.type === "reject") return rollBack(state, own, "rejected");
  const op = state.op + 1;
  return [
    { ...state, op, phase: { name: "applyingAnswer", op, own } },
    [...stopTimers, { type: "applyAnswer", op, description: reply }],
  ];
}
