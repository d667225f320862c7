import { durationMs } from "@bufbuild/protobuf/wkt";
import { toHex } from "@peerline/call-machine/wire";
import type { DetachRequest, PollRequest, ReceiveRequest, SendRequest } from "@peerline/protocol";
import { assertAdmitted } from "../auth/grace.ts";
import type { Identity } from "../auth/identity.ts";
import { ServerError } from "../errors/server-error.ts";
import type { Presence } from "../presence/presence.ts";
import type { Services } from "../services.ts";
import { endpointKey } from "../store/keys.ts";
import { wallNow } from "../system-clock.ts";
import { createAdmission } from "./admission.ts";
import { createAftermath } from "./aftermath.ts";
import { createDeparture } from "./departure.ts";
import { createDrain } from "./drain.ts";
import type { Frame } from "./live-stream.ts";
import { createPoller, type Hold } from "./poll.ts";
import { type Carrier, createReceiver } from "./receive.ts";
import { createRotation } from "./rotation.ts";
import { type Sent, sendBatch } from "./send.ts";
import { createStreamRegistry } from "./stream-registry.ts";
import { createTokenWatch } from "./token-watch.ts";

/** The signaling service behind the RPCs, with no knowledge of what carries them. */
export interface SessionService {
  /** Hello first; ends after a GoAway, or throws `ServerError`. PROTOCOL 1.2. */
  receive(identity: Identity, request: ReceiveRequest, carrier: Carrier): AsyncIterable<Frame>;
  /** Hello first, at most 64 frames. Throws `ServerError`. PROTOCOL 1.14. */
  poll(identity: Identity, request: PollRequest, carrier: Omit<Hold, "waitMs">): Promise<readonly Frame[]>;
  /** PROTOCOL 1.3. */
  send(identity: Identity, request: SendRequest): Promise<Sent>;
  /** Ms for which the new token is accepted. */
  reauthenticate(identity: Identity, endpointId: Uint8Array): number;
  detach(identity: Identity, request: DetachRequest): Promise<void>;
  /**
   * Ends everything of a user within this call: streams with GoAway STOP, calls as not allowed. Its tokens of before are
   * refused from now on. PROTOCOL 1.12, row 95.
   */
  revoke(user: string): Promise<void>;
  /** Refuses new streams and sends the open ones away. Resolves when they are gone or `drainMs` has passed. */
  drain(): Promise<void>;
  isDraining(): boolean;
  readonly presence: Presence;
  close(): void;
}

export function createSessionService(services: Services): SessionService {
  const streams = createStreamRegistry();
  const tokens = createTokenWatch(services.clock, services.config.timers, (key) =>
    aftermath.calls.isTalking(key),
  );
  const aftermath = createAftermath(services, streams);
  const departure = createDeparture(services, streams, aftermath);
  const drain = createDrain(services, streams);
  const rotation = createRotation(services);
  const admission = createAdmission(services.config.limits.admission, services.clock.now);
  const parts = { services, streams, tokens, rotation, aftermath, departure, drain, admission };
  const receiver = createReceiver(parts);
  const poller = createPoller(parts);
  const keyOf = (identity: Identity, endpointId: Uint8Array) => endpointKey(identity.user, toHex(endpointId));
  const admittedKeyOf = (identity: Identity, endpointId: Uint8Array) => {
    const key = keyOf(identity, endpointId);
    assertAdmitted(identity, aftermath.calls.isTalking(key));
    return key;
  };

  return {
    receive: (identity, request, carrier) =>
      receiver.receive(identity, admittedKeyOf(identity, request.endpointId), request, carrier),
    async poll(identity, { receive, wait }, carrier) {
      if (!receive) throw new ServerError("malformed", "receive: value is required. Name the endpoint.");
      const hold = { waitMs: wait ? durationMs(wait) : 0, ...carrier };
      return await poller.poll(identity, admittedKeyOf(identity, receive.endpointId), receive, hold);
    },
    async send(identity, request) {
      const key = admittedKeyOf(identity, request.endpointId);
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
      return Math.max(0, identity.expiresAt - wallNow(services.clock));
    },
    detach: (identity, request) => departure.detach(keyOf(identity, request.endpointId), request),
    async revoke(user) {
      services.revocations.revoke(user);
      await departure.revoke(user);
    },
    drain: drain.start,
    isDraining: drain.isDraining,
    presence: aftermath.presence,
    close() {
      tokens.close();
      rotation.close();
      poller.close();
      departure.close();
      aftermath.close();
    },
  };
}
