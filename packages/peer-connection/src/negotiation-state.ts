import type { DescriptionSignal } from "@peerline/call-machine";

/** What an own offer is for; comes back when the offer is rolled back. */
export interface Needs {
  /** Something that only a new offer can tell the peer. */
  readonly change: boolean;
  /** An ICE restart. */
  readonly restart: boolean;
}

/** An own offer that is being made, or was sent and waits for its answer. */
export interface OwnOffer extends Needs {
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

/** What is so now, and what to do about it, in order. */
export type Step = readonly [Negotiation, readonly NegotiationCommand[]];

/** Nothing is wanted. */
export const noNeeds: Needs = { change: false, restart: false };

/** What either wants. */
export function union(a: Needs, b: Needs): Needs {
  return { change: a.change || b.change, restart: a.restart || b.restart };
}

/** An exchange has completed. */
export function settled(state: Negotiation): Negotiation {
  return { ...state, phase: { name: "stable" }, established: true, ignoring: false, failures: 0 };
}

/** Neither an answer nor a pause is waited for any more. */
export const stopTimers: readonly NegotiationCommand[] = [
  { type: "stopTimer", id: "answer" },
  { type: "stopTimer", id: "backoff" },
];
