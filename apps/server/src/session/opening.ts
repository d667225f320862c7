import type { ReceiveRequest } from "@peerline/protocol";
import type { Identity } from "../auth/identity.ts";
import { addressGroup } from "../http/client-address.ts";
import { iceServers } from "../ice/ice-servers.ts";
import { assertInTime, tooOften } from "../limits/too-fast.ts";
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

/** Who opens a stream, or polls for the first time. */
export interface Opener {
  readonly user: string;
  readonly key: string;
  /** Undefined where nothing has an address: in one process. */
  readonly address: string | undefined;
}

/** The beginning and the end of an endpoint's time on a carrier, whichever it is. PROTOCOL 1.2. */
export interface Opening {
  /**
   * Throws when there are too many, or the server shuts down. Before anything is written. What one endpoint, one account or
   * one address has too much is refused before it counts for all.
   */
  assertWelcome(opener: Opener): void;
  attach(identity: Identity, key: string, request: ReceiveRequest): Promise<Attachment>;
  /** The stream takes the endpoint's place; an older one is fenced. */
  register(stream: LiveStream, identity: Identity, attachment: Attachment): void;
  /** It is a new one, not the next turn of one that was there: presence is told, and told again. */
  announce(stream: LiveStream, identity: Identity, attachment: Attachment): void;
  hello(identity: Identity, attachment: Attachment, form: HelloForm): Frame;
  closed(stream: LiveStream): Promise<void>;
}

export function createOpening(parts: CarrierParts): Opening {
  const { services, streams, tokens, rotation, aftermath, departure, drain, admission } = parts;
  return {
    assertWelcome(opener) {
      drain.assertOpen();
      assertOpenRate(services, opener);
      admission.assertRoom(opener.key);
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
    hello: (identity, attachment, form) => hello(services, identity, attachment, form),
    async closed(stream) {
      tokens.forget(stream);
      rotation.forget(stream);
      streams.remove(stream);
      if (stream.generation > 0) await departure.streamClosed(stream.key, stream.generation);
      drain.streamEnded();
    },
  };
}

function hello(services: Services, identity: Identity, attachment: Attachment, form: HelloForm): Frame {
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
    ice: iceServers(config.ice, {
      user: identity.user,
      now: wall,
      validForMs: config.timers.iceCredentialMs,
    }),
    snapshot: attachment.snapshot,
    lostState: store.emptySince !== undefined && clock.now() - store.emptySince < config.timers.lostStateMs,
  });
}

/** Those who share an address are many: they are told to come back one after the other. */
const addressSpreadMs = 5_000;

function assertOpenRate({ limiters, ids }: Services, { user, key, address }: Opener): void {
  assertInTime("This account opens streams too often.", limiters.userOpens.take(user));
  assertInTime("This endpoint opens streams too often.", limiters.opens.take(key));
  const waitMs = address === undefined ? 0 : limiters.addressOpens.take(addressGroup(address));
  if (waitMs > 0)
    throw tooOften("Too many streams come from this address.", waitMs + ids.random() * addressSpreadMs);
}
