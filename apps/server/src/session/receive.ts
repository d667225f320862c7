import type { ReceiveRequest } from "@peerline/protocol";
import type { Identity } from "../auth/identity.ts";
import { ServerError } from "../errors/server-error.ts";
import { iceServers } from "../ice/ice-servers.ts";
import type { Services } from "../services.ts";
import type { Aftermath } from "./aftermath.ts";
import { type Attachment, assertVersion, attach } from "./attach.ts";
import type { Departure } from "./departure.ts";
import type { Drain } from "./drain.ts";
import { helloFrame } from "./hello.ts";
import { createLiveStream, type Frame, type LiveStream } from "./live-stream.ts";
import type { StreamRegistry } from "./stream-registry.ts";
import type { TokenWatch } from "./token-watch.ts";

/** What carries a stream. */
export interface Carrier {
  readonly signal: AbortSignal;
  /** Cuts the connection under a reader that reads no more. */
  destroy(): void;
}

export interface ReceiverParts {
  readonly services: Services;
  readonly streams: StreamRegistry;
  readonly tokens: TokenWatch;
  readonly aftermath: Aftermath;
  readonly departure: Departure;
  readonly drain: Drain;
}

/** Serves `Receive`: subscribe, attach, Hello, then the mailbox and whatever else the stream is told. PROTOCOL 1.2. */
export function createReceiver(parts: ReceiverParts) {
  const { services, streams, tokens, aftermath, departure, drain } = parts;

  const opened = (stream: LiveStream, identity: Identity, attachment: Attachment) => {
    stream.generation = attachment.endpoint.generation;
    streams.register(stream);
    tokens.watch(stream, identity.expiresAt);
    departure.attached(stream.key);
    if (attachment.evicted !== undefined) departure.evicted(attachment.evicted);
    aftermath.presence.attached(identity.user, attachment.endpoint);
    aftermath.presence.resend(stream.key);
    const resumed = attachment.snapshot === undefined;
    services.logger.info("endpoint attached", {
      user: identity.user,
      policy: attachment.endpoint.policy,
      resumed,
    });
  };
  const closed = async (stream: LiveStream) => {
    tokens.forget(stream);
    streams.remove(stream);
    if (stream.generation > 0) await departure.streamClosed(stream.key, stream.generation);
    drain.streamEnded();
  };

  return {
    async *receive(
      identity: Identity,
      key: string,
      request: ReceiveRequest,
      carrier: Carrier,
    ): AsyncIterable<Frame> {
      drain.assertOpen();
      assertVersion(request.client);
      assertOpenRate(services, key);
      const stream = createLiveStream(services, key, {
        signal: carrier.signal,
        isBusy: () => aftermath.calls.isInCall(key),
      });
      const unsubscribe = services.store.subscribe(key, stream.wake);
      const unwatch = watchReader(services, stream, carrier);
      try {
        const attachment = await aftermath.commit((scene) => attach(scene, identity, key, request));
        opened(stream, identity, attachment);
        yield* stream.frames(hello(services, identity, key, attachment), {
          epoch: attachment.epoch,
          offset: attachment.from,
        });
      } finally {
        unsubscribe();
        unwatch();
        await closed(stream);
      }
    },
  };
}

function hello(services: Services, identity: Identity, key: string, attachment: Attachment): Frame {
  const { config, clock, store } = services;
  const now = clock.now();
  return helloFrame({
    config,
    now,
    epoch: attachment.epoch,
    generation: attachment.endpoint.generation,
    top: attachment.top,
    lastSeq: attachment.lastSeq,
    tokenValidMs: identity.expiresAt - now,
    ice: iceServers(config.ice, { endpointKey: key, now, validForMs: config.timers.iceCredentialMs }),
    snapshot: attachment.snapshot,
    lostState: store.emptySince !== undefined && now - store.emptySince < config.timers.lostStateMs,
  });
}

function assertOpenRate(services: Services, key: string): void {
  const retryAfterMs = services.limiters.opens.take(key);
  if (retryAfterMs === 0) return;
  throw new ServerError("rate-limited", "This endpoint opens streams too often. Wait before the next.", {
    retryAfterMs,
  });
}

/** A reader that takes nothing for as long as a client would wait itself is cut off, so that nothing piles up. */
function watchReader({ clock, config }: Services, stream: LiveStream, carrier: Carrier): () => void {
  const deadMs = config.timers.streamDeadIdleMs;
  let cancel = () => {};
  const look = () => {
    const since = stream.stalledSince();
    if (since !== undefined && clock.now() - since >= deadMs) carrier.destroy();
    else cancel = clock.setTimer(clock.now() + deadMs, look);
  };
  cancel = clock.setTimer(clock.now() + deadMs, look);
  return () => cancel();
}
