import { toHex } from "@peerline/call-machine/wire";
import type { DetachRequest, ReceiveRequest, SendRequest } from "@peerline/protocol";
import type { Identity } from "../auth/identity.ts";
import type { Presence } from "../presence/presence.ts";
import type { Services } from "../services.ts";
import { endpointKey } from "../store/keys.ts";
import { createAftermath } from "./aftermath.ts";
import { createDeparture } from "./departure.ts";
import { createDrain } from "./drain.ts";
import type { Frame } from "./live-stream.ts";
import { type Carrier, createReceiver } from "./receive.ts";
import { type Sent, sendBatch } from "./send.ts";
import { createStreamRegistry } from "./stream-registry.ts";
import { createTokenWatch } from "./token-watch.ts";

/** The signaling service behind the RPCs, with no knowledge of what carries them. */
export interface SessionService {
  /** Hello first; ends after a GoAway, or throws `ServerError`. PROTOCOL 1.2. */
  receive(identity: Identity, request: ReceiveRequest, carrier: Carrier): AsyncIterable<Frame>;
  /** PROTOCOL 1.3. */
  send(identity: Identity, request: SendRequest): Promise<Sent>;
  /** Ms for which the new token is accepted. */
  reauthenticate(identity: Identity, endpointId: Uint8Array): number;
  detach(identity: Identity, request: DetachRequest): Promise<void>;
  /** Refuses new streams and sends the open ones away. Resolves when they are gone or `drainMs` has passed. */
  drain(): Promise<void>;
  isDraining(): boolean;
  readonly presence: Presence;
  close(): void;
}

export function createSessionService(services: Services): SessionService {
  const streams = createStreamRegistry();
  const tokens = createTokenWatch(services.clock, services.config.timers);
  const aftermath = createAftermath(services, streams);
  const departure = createDeparture(services, streams, aftermath);
  const drain = createDrain(services, streams);
  const receiver = createReceiver({ services, streams, tokens, aftermath, departure, drain });
  const keyOf = (identity: Identity, endpointId: Uint8Array) => endpointKey(identity.user, toHex(endpointId));

  return {
    receive: (identity, request, carrier) =>
      receiver.receive(identity, keyOf(identity, request.endpointId), request, carrier),
    async send(identity, request) {
      const key = keyOf(identity, request.endpointId);
      const sent = await sendBatch(services, { identity, key }, request, aftermath.apply);
      const calls = request.heartbeat?.calls ?? [];
      if (request.heartbeat) streams.find(key)?.claimsCall(calls.length > 0);
      const mediaAlive = new Map(calls.map((call) => [toHex(call.callId), call.mediaAlive]));
      aftermath.calls.heard(key, mediaAlive, request.heartbeat === undefined || request.commands.length > 0);
      return sent;
    },
    reauthenticate(identity, endpointId) {
      const stream = streams.find(keyOf(identity, endpointId));
      if (stream) tokens.watch(stream, identity.expiresAt);
      return Math.max(0, identity.expiresAt - services.clock.now());
    },
    detach: (identity, request) => departure.detach(keyOf(identity, request.endpointId), request.intent),
    drain: drain.start,
    isDraining: drain.isDraining,
    presence: aftermath.presence,
    close() {
      tokens.close();
      departure.close();
      aftermath.close();
    },
  };
}
