import type { DescriptionSignal } from "@peerline/call-machine";

/** What an own offer is for; comes back when the offer is rolled back. */
export interface Needs {
  /** Something that only a new offer can tell the peer. */
  readonly change: boolean;
  /** An ICE restart. */
  readonly restart: boolean;
}

/** An own offer that is being made, or was sent and waits for its answer. */
interface OwnOffer extends Needs {
  readonly number: number;
}

/** PROTOCOL 2.4. `op` names the running operation, so that late results of others are recognised. */
export type NegotiationPhase =
  | { readonly name: "stable" }
  | { readonly name: "offering"; readonly op: number; readonly own: OwnOffer }
  | { readonly name: "awaiting"; readonly own: OwnOffer; readonly offer: DescriptionSignal }
  | { readonly name: "applyingAnswer"; readonly op: number; readonly own: OwnOffer }
  /** `before`: what was needed when it began. */
  | {
      readonly name: "answering";
      readonly op: number;
      readonly offer: DescriptionSignal;
      readonly before: Needs;
    }
  | {
      readonly name: "rollingBack";
      readonly op: number;
      readonly own: OwnOffer;
      readonly why: "failed" | "rejected";
    }
  | { readonly name: "backoff" }
  | { readonly name: "dead" };

/** The offers and answers of one RTCPeerConnection. Plain data. */
export interface Negotiation {
  readonly polite: boolean;
  readonly generation: number;
  readonly phase: NegotiationPhase;
  /** Wanted, and in no offer yet. */
  readonly needs: Needs;
  /** An exchange has completed; before that only the side that was told to makes an offer. */
  readonly established: boolean;
  /** The number of the latest own offer; they count from 1. */
  readonly offerNumber: number;
  /** The number of the peer's latest offer that was answered or rejected here. */
  readonly remoteOfferNumber: number;
  /** The answer, or rejection, to that offer: sent again when the offer comes again. */
  readonly reply: DescriptionSignal | undefined;
  /** The peer's offer lost against an own one: errors of its candidates are expected. */
  readonly ignoring: boolean;
  /** Exchanges that failed in a row. */
  readonly failures: number;
  readonly op: number;
  /** Descriptions that came while an operation runs, in order. */
  readonly inbox: readonly DescriptionSignal[];
}

export type NegotiationInput =
  /** Something only an offer can tell the peer. */
  | { readonly type: "change" }
  /** An ICE restart is wanted; it rides the next offer. */
  | { readonly type: "restart" }
  | { readonly type: "received"; readonly description: DescriptionSignal }
  /** The peer may have missed what was sent: PROTOCOL 1.6, the answer first, then the open offer. */
  | { readonly type: "resend" }
  /** The local description of a `makeOffer` or `applyOffer` is set. */
  | { readonly type: "described"; readonly op: number; readonly sdp: string }
  /** An `applyAnswer` or `rollBack` is done. */
  | { readonly type: "done"; readonly op: number }
  /** The operation threw. `beyondRepair`: and the connection could not be brought back to `stable`. */
  | { readonly type: "failed"; readonly op: number; readonly beyondRepair: boolean }
  | { readonly type: "timer"; readonly id: NegotiationTimer }
  | { readonly type: "close" };

export type NegotiationTimer = "answer" | "backoff";

export type NegotiationCommand =
  | { readonly type: "makeOffer"; readonly op: number; readonly restart: boolean }
  /** `rollBack`: an own offer is open and gives way first. */
  | {
      readonly type: "applyOffer";
      readonly op: number;
      readonly rollBack: boolean;
      readonly description: DescriptionSignal;
    }
  | { readonly type: "applyAnswer"; readonly op: number; readonly description: DescriptionSignal }
  | { readonly type: "rollBack"; readonly op: number }
  | { readonly type: "send"; readonly description: DescriptionSignal }
  /** Fires once after a random time between the two, in ms. Replaces a running one of the same id. */
  | {
      readonly type: "startTimer";
      readonly id: NegotiationTimer;
      readonly minMs: number;
      readonly maxMs: number;
    }
  | { readonly type: "stopTimer"; readonly id: NegotiationTimer }
  /** This connection does not get on: a fresh one may. It goes on trying once more. PROTOCOL 2.4. */
  | { readonly type: "stuck" }
  | { readonly type: "broken"; readonly reason: "incompatible" | "negotiation-failed" };

type Step = readonly [Negotiation, readonly NegotiationCommand[]];

/** PROTOCOL 2.6. */
export const answerTimeoutMs = 15_000;
/** The wait after the first, second and third failure in a row; the third tells that it is stuck, the fourth gives up. */
export const backoffsMs: readonly number[] = [1_000, 2_000, 4_000];
const politeExtraMs = 2_000;
const maxInbox = 8;
const noNeeds: Needs = { change: false, restart: false };

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

function makeOffer(state: Negotiation): Step {
  const op = state.op + 1;
  const number = state.offerNumber + 1;
  const own = { number, ...state.needs };
  return [
    { ...state, op, offerNumber: number, needs: noNeeds, phase: { name: "offering", op, own } },
    [{ type: "makeOffer", op, restart: own.restart }],
  ];
}

function receive(state: Negotiation, description: DescriptionSignal): Step {
  return description.type === "offer" ? receiveOffer(state, description) : receiveReply(state, description);
}

function receiveOffer(state: Negotiation, offer: DescriptionSignal): Step {
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

function receiveReply(state: Negotiation, reply: DescriptionSignal): Step {
  if (state.phase.name !== "awaiting" || state.phase.own.number !== reply.offerNumber) return [state, []];
  const { own } = state.phase;
  if (reply.type === "reject") return rollBack(state, own, "rejected");
  const op = state.op + 1;
  return [
    { ...state, op, phase: { name: "applyingAnswer", op, own } },
    [...stopTimers, { type: "applyAnswer", op, description: reply }],
  ];
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

function offered(state: Negotiation, own: OwnOffer, sdp: string): Step {
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

type Answering = Extract<NegotiationPhase, { name: "answering" }>;

function answered(state: Negotiation, { offer, before }: Answering, sdp: string): Step {
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

function refused(state: Negotiation, { offer, before }: Answering): Step {
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

function settled(state: Negotiation): Negotiation {
  return { ...state, phase: { name: "stable" }, established: true, ignoring: false, failures: 0 };
}

function timerPassed(state: Negotiation, id: NegotiationTimer): Step {
  const { phase } = state;
  if (id === "answer" && phase.name === "awaiting") return rollBack(state, phase.own, "failed");
  if (id === "backoff" && phase.name === "backoff") return [{ ...state, phase: { name: "stable" } }, []];
  return [state, []];
}

function rollBack(state: Negotiation, own: OwnOffer, why: "failed" | "rejected"): Step {
  if (!state.established) return broken(state, "incompatible");
  const op = state.op + 1;
  return [
    { ...state, op, phase: { name: "rollingBack", op, own, why } },
    [...stopTimers, { type: "rollBack", op }],
  ];
}

function rolledBack(state: Negotiation, own: OwnOffer, why: "failed" | "rejected"): Step {
  // A refused change is dropped and the session stays as it was, as after a failed re-INVITE (RFC 3261 section 14.1).
  if (why === "rejected") {
    // A peer that cannot restart ICE needs a fresh connection: PROTOCOL row 52.
    return [{ ...state, phase: { name: "stable" }, failures: 0 }, own.restart ? [stuck] : []];
  }
  const backoffMs = backoffsMs[state.failures];
  if (backoffMs === undefined) return broken(state, "negotiation-failed");
  const needs = union(state.needs, own);
  const next: Negotiation = { ...state, phase: { name: "backoff" }, needs, failures: state.failures + 1 };
  const maxMs = backoffMs * 1.5 + (state.polite ? politeExtraMs : 0);
  const isStuck = next.failures === backoffsMs.length;
  return [
    next,
    [{ type: "startTimer", id: "backoff", minMs: backoffMs / 2, maxMs }, ...(isStuck ? [stuck] : [])],
  ];
}

/** The platform's connection is beyond use; a fresh one helps where one has worked before. */
function gone(state: Negotiation): Step {
  if (!state.established) return broken(state, "negotiation-failed");
  return [{ ...state, phase: { name: "dead" }, inbox: [] }, [...stopTimers, stuck]];
}

function broken(state: Negotiation, reason: "incompatible" | "negotiation-failed"): Step {
  return [{ ...state, phase: { name: "dead" }, inbox: [] }, [...stopTimers, { type: "broken", reason }]];
}

function union(a: Needs, b: Needs): Needs {
  return { change: a.change || b.change, restart: a.restart || b.restart };
}

const stuck: NegotiationCommand = { type: "stuck" };

const stopTimers: readonly NegotiationCommand[] = [
  { type: "stopTimer", id: "answer" },
  { type: "stopTimer", id: "backoff" },
];

/** An operation runs, or the connection is gone: nothing may be started. */
function isOccupied(phase: NegotiationPhase): boolean {
  return phase.name !== "stable" && phase.name !== "awaiting" && phase.name !== "backoff";
}
