import { ErrorCode, GoAway_Action } from "@peerline/protocol";
import { ServerError } from "../errors/server-error.ts";
import type { Services } from "../services.ts";
import { goAway } from "./go-away.ts";
import type { StreamRegistry } from "./stream-registry.ts";

/**
 * Sends every client away before the process stops. Each stream goes on until the client has another one, so that
 * nothing is late; what is left after `drainMs` is ended. PROTOCOL 1.13, row 80.
 */
export interface Drain {
  /** Resolves when no stream is left, or `drainMs` has passed. */
  start(): Promise<void>;
  isDraining(): boolean;
  /** Throws while draining. */
  assertOpen(): void;
  /** A stream is over. */
  streamEnded(): void;
}

/** A stream that is ended still closes in good order when it is read. */
const lastWordsMs = 200;

export function createDrain(services: Services, streams: StreamRegistry): Drain {
  const { clock, config, ids } = services;
  let done: (() => void) | undefined;
  let draining: Promise<void> | undefined;
  const finishIfEmpty = () => {
    if (streams.all().length === 0) done?.();
  };
  const endWhatIsLeft = async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    done = resolve;
    for (const stream of streams.all()) stream.finish(undefined);
    const cancel = clock.setTimer(clock.now() + lastWordsMs, resolve);
    finishIfEmpty();
    await promise;
    cancel();
  };
  const run = async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    done = resolve;
    const cancel = clock.setTimer(clock.now() + config.timers.drainMs, resolve);
    for (const stream of streams.all()) {
      const afterMs = Math.floor(ids.random() * config.timers.drainSpreadMs);
      stream.push(goAway(GoAway_Action.RESUME, ErrorCode.SHUTTING_DOWN, afterMs));
    }
    finishIfEmpty();
    await promise;
    cancel();
    await endWhatIsLeft();
  };
  return {
    start: () => {
      draining ??= run();
      return draining;
    },
    isDraining: () => draining !== undefined,
    assertOpen() {
      if (draining === undefined) return;
      throw new ServerError("shutting-down", "The server is shutting down. Connect again in a moment.", {
        retryAfterMs: config.timers.drainSpreadMs,
      });
    },
    streamEnded: finishIfEmpty,
  };
}
