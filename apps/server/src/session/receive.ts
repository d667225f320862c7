import type { ReceiveRequest } from "@peerline/protocol";
import type { Identity } from "../auth/identity.ts";
import type { Services } from "../services.ts";
import { assertVersion, lifeIdOf } from "./attach.ts";
import { createLiveStream, type Frame, type LiveStream } from "./live-stream.ts";
import { type CarrierParts, createOpening } from "./opening.ts";

/** What carries a stream. */
export interface Carrier {
  readonly signal: AbortSignal;
  /** Where the client is; undefined where nothing has an address. */
  readonly address: string | undefined;
  /** Cuts the connection under a reader that reads no more. */
  destroy(): void;
}

/** Serves `Receive`: subscribe, attach, Hello, then the mailbox and whatever else the stream is told. PROTOCOL 1.2. */
export function createReceiver(parts: CarrierParts) {
  const { services, aftermath, rotation } = parts;
  const opening = createOpening(parts);
  return {
    async *receive(
      identity: Identity,
      key: string,
      request: ReceiveRequest,
      carrier: Carrier,
    ): AsyncIterable<Frame> {
      assertVersion(request.client);
      opening.assertWelcome({ user: identity.user, key, address: carrier.address });
      const stream = createLiveStream(services, key, {
        signal: carrier.signal,
        lifeId: lifeIdOf(request),
        isBusy: () => aftermath.calls.isInCall(key),
      });
      const unsubscribe = services.store.subscribe(key, stream.wake);
      const unwatch = watchReader(services, stream, carrier);
      try {
        const attachment = await opening.attach(identity, key, request);
        opening.register(stream, identity, attachment);
        opening.announce(stream, identity, attachment);
        rotation.watch(stream);
        const { epoch, from: offset } = attachment;
        yield* stream.frames(opening.hello(identity, attachment, "padded"), { epoch, offset });
      } finally {
        unsubscribe();
        unwatch();
        await opening.closed(stream);
      }
    },
  };
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
