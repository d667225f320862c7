import type { ReceiveRequest } from "@peerline/protocol";
import type { Identity } from "../auth/identity.ts";
import { ServerError } from "../errors/server-error.ts";
import { iceServers } from "../ice/ice-servers.ts";
import type { Services } from "../services.ts";
import { wallNow } from "../system-clock.ts";
import type { Admission } from "./admission.ts";
import type { Aftermath } from "./aftermath.ts";
import { type Attachment, attach } from "./attach.ts";
import type { Departure } from "./departure.ts";
import type { Drain } from "./drain.ts";
import { type HelloForm, helloFrame } from "./hello.ts";
import type { Frame, LiveStream } from "./live-stream.ts";
import type { Rotation } from "./rotation.ts";
import type { StreamRegistry } from "./stream-registry.ts";
import type { TokenWatch } from "./token-watch.ts";

/** What `Receive` and `Poll` work with. */
export interface CarrierParts {
  readonly services: Services;
  readonly streams: StreamRegistry;
  readonly tokens: TokenWatch;
  readonly rotation: Rotation;
  readonly aftermath: Aftermath;
  readonly departure: Departure;
  readonly drain: Drain;
  readonly admission: Admission;
}

/** The beginning and the end of an endpoint's time on a carrier, whichever it is. PROTOCOL 1.2. */
export interface Opening {
  /** Throws when there are too many, or the server shuts down. Before anything is written. */
  assertWelcome(key: string): void;
  attach(identity: Identity, key: string, request: ReceiveRequest): Promise<Attachment>;
  /** The stream takes the endpoint's place; an older one is fenced. */
  register(stream: LiveStream, identity: Identity, attachment: Attachment): void;
  /** It is a new one, not the next turn of one that was there: presence is told, and told again. */
  announce(stream: LiveStream, identity: Identity, attachment: Attachment): void;
  hello(identity: Identity, key: string, attachment: Attachment, form: HelloForm): Frame;
  closed(stream: LiveStream): Promise<void>;
}

export function createOpening(parts: CarrierParts): Opening {
  const { services, streams, tokens, rotation, aftermath, departure, drain, admission } = parts;
  return {
    assertWelcome(key) {
      drain.assertOpen();
      assertOpenRate(services, key);
      admission.assertRoom(key);
    },
    attach: (identity, key, request) => aftermath.commit((scene) => attach(scene, identity, key, request)),
    register(stream, identity, attachment) {
      stream.generation = attachment.endpoint.generation;
      streams.register(stream);
      tokens.watch(stream, identity.expiresAt);
      departure.attached(stream.key);
      if (attachment.evicted !== undefined) departure.evicted(attachment.evicted);
    },
    announce(stream, { user }, { endpoint, snapshot }) {
      aftermath.presence.attached(user, endpoint);
      aftermath.presence.resend(stream.key);
      services.logger.info("endpoint attached", {
        user,
        policy: endpoint.policy,
        resumed: snapshot === undefined,
      });
    },
    hello: (identity, key, attachment, form) => hello(services, identity, key, attachment, form),
    async closed(stream) {
      tokens.forget(stream);
      rotation.forget(stream);
      streams.remove(stream);
      if (stream.generation > 0) await departure.streamClosed(stream.key, stream.generation);
      drain.streamEnded();
    },
  };
}

function hello(
  services: Services,
  identity: Identity,
  key: string,
  attachment: Attachment,
  form: HelloForm,
): Frame {
  const { config, clock, store } = services;
  const wall = wallNow(clock);
  return helloFrame({
    form,
    config,
    serverTime: wall,
    epoch: attachment.epoch,
    generation: attachment.endpoint.generation,
    top: attachment.top,
    lastSeq: attachment.lastSeq,
    tokenValidMs: identity.expiresAt - wall,
    ice: iceServers(config.ice, { endpointKey: key, now: wall, validForMs: config.timers.iceCredentialMs }),
    snapshot: attachment.snapshot,
    lostState: store.emptySince !== undefined && clock.now() - store.emptySince < config.timers.lostStateMs,
  });
}

function assertOpenRate(services: Services, key: string): void {
  const retryAfterMs = services.limiters.opens.take(key);
  if (retryAfterMs === 0) return;
  throw new ServerError("rate-limited", "This endpoint opens streams too often. Wait before the next.", {
    retryAfterMs,
  });
}
