import {
  type Negotiation,
  type NegotiationCommand,
  type OwnOffer,
  type Step,
  stopTimers,
  union,
} from "./negotiation-state.ts";

/** The wait after the first, second and third failure in a row; the third tells that it is stuck, the fourth gives up. */
export const backoffsMs: readonly number[] = [1_000, 2_000, 4_000];
const politeExtraMs = 2_000;

/** Takes the open offer back. The first one of a connection cannot be: there is nothing to go back to. */
export function rollBack(state: Negotiation, own: OwnOffer, why: "failed" | "rejected"): Step {
  if (!state.established) return broken(state, "incompatible");
  const op = state.op + 1;
  return [
    { ...state, op, phase: { name: "rollingBack", op, own, why } },
    [...stopTimers, { type: "rollBack", op }],
  ];
}

/** What was rejected is dropped; what failed is tried again after a pause that grows. */
export function rolledBack(state: Negotiation, own: OwnOffer, why: "failed" | "rejected"): Step {
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
export function gone(state: Negotiation): Step {
  if (!state.established) return broken(state, "negotiation-failed");
  return [{ ...state, phase: { name: "dead" }, inbox: [] }, [...stopTimers, stuck]];
}

function broken(state: Negotiation, reason: "incompatible" | "negotiation-failed"): Step {
  return [{ ...state, phase: { name: "dead" }, inbox: [] }, [...stopTimers, { type: "broken", reason }]];
}

const stuck: NegotiationCommand = { type: "stuck" };
