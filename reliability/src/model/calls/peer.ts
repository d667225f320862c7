import type { CallEffect, DescriptionSignal, PeerEvent } from "@peerline/call-machine";
import {
  type Negotiation,
  type NegotiationCommand,
  type NegotiationInput,
  negotiate,
  startNegotiation,
} from "@peerline/peer-connection/testing";

type Operation = Extract<NegotiationCommand, { readonly op: number }>;

/** One RTCPeerConnection without media: the negotiation that ships, and the operation that runs. */
export interface ModelPeer {
  readonly generation: number;
  readonly negotiation: Negotiation;
  readonly op: Operation | undefined;
  /** The peer's description that was applied last; says who made it. */
  readonly remote: string | undefined;
}

export type PeerStep = readonly [ModelPeer, readonly PeerEvent[]];

export function openPeer({
  polite,
  offer,
  generation,
}: Extract<CallEffect, { type: "peer.open" }>): PeerStep {
  const [negotiation, commands] = startNegotiation({ polite, offer, generation });
  return obey({ generation, negotiation, op: undefined, remote: undefined }, commands, []);
}

/** `sdp` of what is made here; says who made it. */
export function finishOperation(peer: ModelPeer, sdp: string): PeerStep {
  const { op } = peer;
  if (!op) return [peer, []];
  const remote = op.type === "applyOffer" ? op.description.sdp : peer.remote;
  return tell({ ...peer, op: undefined, remote }, { type: "described", op: op.op, sdp });
}

export function applyDescription(peer: ModelPeer, description: DescriptionSignal): PeerStep {
  return tell(peer, { type: "received", description });
}

export function resend(peer: ModelPeer): PeerStep {
  return tell(peer, { type: "resend" });
}

function tell(peer: ModelPeer, input: NegotiationInput, before: readonly PeerEvent[] = []): PeerStep {
  const [negotiation, commands] = negotiate(peer.negotiation, input);
  return obey({ ...peer, negotiation }, commands, before);
}

/** Making an offer or an answer takes time; applying an answer and rolling back are done at once. */
function obey(
  start: ModelPeer,
  commands: readonly NegotiationCommand[],
  before: readonly PeerEvent[],
): PeerStep {
  let peer = start;
  let events = before;
  for (const command of commands) {
    if (command.type === "send")
      events = [...events, { type: "peer.described", description: command.description }];
    else if (command.type === "broken") events = [...events, { type: "peer.broken", reason: command.reason }];
    else if (command.type === "makeOffer" || command.type === "applyOffer") peer = { ...peer, op: command };
    else if (command.type === "applyAnswer" || command.type === "rollBack") {
      const remote = command.type === "applyAnswer" ? command.description.sdp : peer.remote;
      [peer, events] = tell({ ...peer, remote }, { type: "done", op: command.op }, events);
    }
  }
  return [peer, events];
}
