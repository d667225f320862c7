import type { DescriptionSignal } from "@peerline/call-machine";
import {
  type Negotiation,
  type NegotiationCommand,
  type NegotiationInput,
  type NegotiationPhase,
  type NegotiationTimer,
  noNeeds,
  type Step,
  settled,
  stopTimers,
} from "./negotiation-state.ts";
import { makeOffer, offered, receiveReply } from "./own-offer.ts";
import { answered, receiveOffer, refused } from "./peer-offer.ts";
import { gone, rollBack, rolledBack } from "./rollback.ts";

export type {
  Negotiation,
  NegotiationCommand,
  NegotiationInput,
  NegotiationTimer,
} from "./negotiation-state.ts";
export { answerTimeoutMs } from "./own-offer.ts";
export { backoffsMs } from "./rollback.ts";

const maxInbox = 8;

/** A fresh connection. `offer`: this side makes the first offer. */
export function startNegotiation(options: { polite: boolean; generation: number; offer: boolean }): Step {
  const state: Negotiation = {
    polite: options.polite,
    generation: options.generation,
    phase: { name: "stable" },
    needs: noNeeds,
    established: false,
    offerNumber: 0,
    remoteOfferNumber: 0,
    reply: undefined,
    ignoring: false,
    failures: 0,
    op: 0,
    inbox: [],
  };
  return options.offer ? makeOffer({ ...state, needs: { change: true, restart: false } }) : [state, []];
}

/**
 * Perfect negotiation (https://www.w3.org/TR/webrtc/#perfect-negotiation-example) with numbered offers, PROTOCOL 1.6
 * and 2.4. Commands are carried out in order, one operation at a time; a result comes back as an input.
 */
export function negotiate(state: Negotiation, input: NegotiationInput): Step {
  if (state.phase.name === "dead") return [state, []];
  return settle(take(state, input));
}

function take(state: Negotiation, input: NegotiationInput): Step {
  switch (input.type) {
    case "change":
      return [{ ...state, needs: { ...state.needs, change: true } }, []];
    case "restart":
      return [{ ...state, needs: { ...state.needs, restart: true } }, []];
    case "received":
      return [enqueue(state, input.description), []];
    case "resend":
      return [state, resend(state)];
    case "described":
    case "done":
    case "failed":
      return finish(state, input);
    case "timer":
      return timerPassed(state, input.id);
    case "close":
      return [{ ...state, phase: { name: "dead" }, inbox: [] }, [...stopTimers]];
  }
}

/** Reads the inbox, then offers what is still needed, until an operation runs or nothing is left. */
function settle([first, commands]: Step): Step {
  let state = first;
  const all = [...commands];
  while (!isOccupied(state.phase)) {
    const [description, ...inbox] = state.inbox;
    const ready = description !== undefined || mayOffer(state);
    if (!ready) break;
    const [next, more] =
      description === undefined ? makeOffer(state) : receive({ ...state, inbox }, description);
    state = next;
    all.push(...more);
  }
  return [state, all];
}

function mayOffer({ phase, needs, established }: Negotiation): boolean {
  return phase.name === "stable" && established && (needs.change || needs.restart);
}

function enqueue(state: Negotiation, description: DescriptionSignal): Negotiation {
  if (description.generation !== state.generation || state.inbox.length >= maxInbox) return state;
  return { ...state, inbox: [...state.inbox, description] };
}

function resend({ phase, reply }: Negotiation): NegotiationCommand[] {
  const again = [reply, phase.name === "awaiting" ? phase.offer : undefined];
  return again.flatMap((description) => (description === undefined ? [] : [{ type: "send", description }]));
}

function receive(state: Negotiation, description: DescriptionSignal): Step {
  return description.type === "offer" ? receiveOffer(state, description) : receiveReply(state, description);
}

type Result = Extract<NegotiationInput, { readonly op: number }>;

function finish(state: Negotiation, result: Result): Step {
  const { phase } = state;
  if (!("op" in phase) || phase.op !== result.op) return [state, []];
  if (result.type === "failed" && result.beyondRepair) return gone(state);
  switch (phase.name) {
    case "offering":
      return result.type === "described" ? offered(state, phase.own, result.sdp) : gone(state);
    case "answering":
      return result.type === "described" ? answered(state, phase, result.sdp) : refused(state, phase);
    case "applyingAnswer":
      return result.type === "done" ? [settled(state), []] : rollBack(state, phase.own, "failed");
    case "rollingBack":
      return result.type === "done" ? rolledBack(state, phase.own, phase.why) : gone(state);
  }
}

function timerPassed(state: Negotiation, id: NegotiationTimer): Step {
  const { phase } = state;
  if (id === "answer" && phase.name === "awaiting") return rollBack(state, phase.own, "failed");
  if (id === "backoff" && phase.name === "backoff") return [{ ...state, phase: { name: "stable" } }, []];
  return [state, []];
}

/** An operation runs, or the connection is gone: nothing may be started. */
function isOccupied(phase: NegotiationPhase): boolean {
  return phase.name !== "stable" && phase.name !== "awaiting" && phase.name !== "backoff";
}
