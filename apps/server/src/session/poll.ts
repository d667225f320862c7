import type { ReceiveRequest } from "@peerline/protocol";
import type { Identity } from "../auth/identity.ts";
import { assertInTime } from "../limits/too-fast.ts";
import { assertVersion, lifeIdOf } from "./attach.ts";
import { createLiveStream, type Frame } from "./live-stream.ts";
import { type CarrierParts, createOpening } from "./opening.ts";
import { createTurns, type Turn } from "./turns.ts";

/** How long a `Poll` may wait, and whether its client still does. */
export interface Hold {
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Where the client is; undefined where nothing has an address. */
  readonly address: string | undefined;
}

/** Serves `Poll`: what `Receive` brings, in answers of at most 64 frames. PROTOCOL 1.14. */
export interface Poller {
  /**
   * Hello first. At once when there is something to say, else after `waitMs` or the ping interval, with a Ping. Throws
   * `ServerError`.
   */
  poll(identity: Identity, key: string, request: ReceiveRequest, hold: Hold): Promise<readonly Frame[]>;
  /** Forgets the endpoints between two Polls. */
  close(): void;
}

export function createPoller(parts: CarrierParts): Poller {
  const { services, aftermath, drain } = parts;
  const { clock, config, limiters } = services;
  const opening = createOpening(parts);
  const turns = createTurns(parts, opening);

  /** An endpoint that has polled for as long as a stream lives is given everything anew. */
  const beginning = (known: Turn | undefined): number => {
    const now = clock.now();
    return known && now - known.since < config.timers.streamLifeMs ? known.since : now;
  };
  const answer = async (turn: Turn, { identity, key, request, hold }: Question) => {
    const attachment = await opening.attach(identity, key, request);
    const goesOn = turns.join(turn, { identity, attachment, attempt: request.attempt });
    const until = clock.now() + (goesOn ? hold.waitMs : 0);
    const hello = opening.hello(identity, attachment, goesOn ? "brief" : "plain");
    const { epoch, from: offset } = attachment;
    const { frames, ended } = await turn.stream.poll({ epoch, offset }, until);
    if (ended || drain.isDraining()) await turns.leave(turn);
    else turns.linger(turn);
    turn.answered = !hold.signal.aborted;
    return [hello, ...frames];
  };

  return {
    async poll(identity, key, request, hold) {
      assertVersion(request.client);
      const known = turns.present(key);
      if (known) assertInTime("This endpoint polls too often.", limiters.polls.take(key));
      else opening.assertWelcome({ user: identity.user, key, address: hold.address });
      const isBusy = () => aftermath.calls.isInCall(key);
      const stream = createLiveStream(services, key, {
        signal: hold.signal,
        lifeId: lifeIdOf(request),
        isBusy,
      });
      const unsubscribe = services.store.subscribe(key, stream.wake);
      const turn: Turn = { stream, since: beginning(known), answered: false };
      try {
        return await answer(turn, { identity, key, request, hold });
      } catch (reason) {
        await turns.leave(turn);
        throw reason;
      } finally {
        unsubscribe();
      }
    },
    close: turns.close,
  };
}

interface Question {
  readonly identity: Identity;
  readonly key: string;
  readonly request: ReceiveRequest;
  readonly hold: Hold;
}
