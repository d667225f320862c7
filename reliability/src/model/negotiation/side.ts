import type { DescriptionSignal } from "@peerline/call-machine";
import {
  type Negotiation,
  type NegotiationCommand,
  type NegotiationInput,
  negotiate,
  startNegotiation,
} from "@peerline/peer-connection/testing";

type Operation = Extract<NegotiationCommand, { readonly op: number }>;

/** One of two peers: the negotiation that ships, and what JSEP says of its connection. An SDP is a number of changes. */
export interface Side {
  negotiation: Negotiation;
  signaling: "stable" | "local" | "dead";
  op: Operation | undefined;
  /** Changes made here, those that an answer has confirmed, and the peer's that are known here. */
  made: number;
  agreed: number;
  known: number;
  offered: number;
  openOffer: number;
  wantsRestart: boolean;
  timers: readonly ("answer" | "backoff")[];
}

/** How the negotiation is asked; a rule is taken out by changing the state or the input. */
export type Ask = (state: Negotiation, input: NegotiationInput) => ReturnType<typeof negotiate>;

export const asItShips: Ask = negotiate;

/** A step that the W3C's state machine forbids, or that brings the peers apart: invariants 19 and 20. */
export class Illegal extends Error {}

export function openSide(polite: boolean, offer: boolean, post: (letter: DescriptionSignal) => void): Side {
  const [negotiation, commands] = startNegotiation({ polite, offer, generation: 1 });
  const side: Side = {
    negotiation,
    signaling: "stable",
    op: undefined,
    made: 0,
    agreed: 0,
    known: 0,
    offered: 0,
    openOffer: 0,
    wantsRestart: false,
    timers: [],
  };
  obey(side, commands, post);
  return side;
}

export function tell(
  side: Side,
  input: NegotiationInput,
  ask: Ask,
  post: (letter: DescriptionSignal) => void,
): void {
  const [negotiation, commands] = ask(side.negotiation, input);
  side.negotiation = negotiation;
  obey(side, commands, post);
}

/** The running operation is done. */
export function finish(side: Side, ask: Ask, post: (letter: DescriptionSignal) => void): void {
  const command = side.op;
  if (!command) return;
  side.op = undefined;
  const { op } = command;
  if (command.type === "makeOffer") {
    makeOffer(side, command.restart);
    tell(side, { type: "described", op, sdp: String(side.made) }, ask, post);
  } else if (command.type === "applyOffer") {
    applyOffer(side, command);
    tell(side, { type: "described", op, sdp: String(side.made) }, ask, post);
  } else {
    if (command.type === "applyAnswer") applyAnswer(side, command.description);
    else assertLegal(side.signaling === "local", `19: rollBack in ${side.signaling}`);
    side.signaling = "stable";
    tell(side, { type: "done", op }, ask, post);
  }
}

function makeOffer(side: Side, restart: boolean): void {
  assertLegal(side.signaling === "stable", `19: makeOffer in ${side.signaling}`);
  side.signaling = "local";
  side.offered = side.made;
  side.openOffer = side.negotiation.offerNumber;
  if (restart) side.wantsRestart = false;
}

function applyOffer(side: Side, command: Extract<Operation, { type: "applyOffer" }>): void {
  const { rollBack, description } = command;
  assertLegal(side.signaling === (rollBack ? "local" : "stable"), `19: applyOffer in ${side.signaling}`);
  assertLegal(!rollBack || side.negotiation.polite, "19: the impolite side gave way");
  side.signaling = "stable";
  side.known = Number(description.sdp);
  if (!side.negotiation.established) side.agreed = side.made;
  if (description.iceRestart) side.wantsRestart = false;
}

function applyAnswer(side: Side, answer: DescriptionSignal): void {
  assertLegal(side.signaling === "local", `19: applyAnswer in ${side.signaling}`);
  assertLegal(answer.offerNumber === side.openOffer, "20: the answer of another offer was applied");
  side.agreed = side.offered;
  if (answer.offerNumber === 1) side.known = Math.max(side.known, Number(answer.sdp));
}

function obey(
  side: Side,
  commands: readonly NegotiationCommand[],
  post: (letter: DescriptionSignal) => void,
): void {
  for (const command of commands) {
    if (command.type === "send") post(command.description);
    else if (command.type === "startTimer") side.timers = [...without(side, command.id), command.id].sort();
    else if (command.type === "stopTimer") side.timers = without(side, command.id);
    else if (command.type === "broken") side.signaling = "dead";
    else if ("op" in command) {
      assertLegal(side.op === undefined, `19: ${command.type} while ${side.op?.type} runs`);
      side.op = command;
    }
  }
}

export function without({ timers }: Side, id: "answer" | "backoff"): readonly ("answer" | "backoff")[] {
  return timers.filter((running) => running !== id);
}

function assertLegal(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Illegal(what);
}
