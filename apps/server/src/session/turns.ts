import type { Identity } from "../auth/identity.ts";
import { createAlarms } from "../calls/alarms.ts";
import { textOf } from "../outside.ts";
import type { Attachment } from "./attach.ts";
import type { LiveStream } from "./live-stream.ts";
import type { CarrierParts, Opening } from "./opening.ts";

/** One `Poll` of an endpoint that goes on polling. */
export interface Turn {
  readonly stream: LiveStream;
  /** When the first turn of this row began. */
  readonly since: number;
  /** Its answer left, as far as this side can tell. */
  answered: boolean;
}

/** What a turn is for. */
export interface Joining {
  readonly identity: Identity;
  readonly attachment: Attachment;
  /** Above 0: the client has not had the answer before. */
  readonly attempt: number;
}

/** The endpoints that poll: between two Polls they are as present as with an open stream. PROTOCOL 1.14. */
export interface Turns {
  /** The last turn, unless something else has taken the endpoint since. */
  present(key: string): Turn | undefined;
  /** A new turn takes its place. True: it goes on where the one before stopped, and nothing can be lost between. */
  join(turn: Turn, joining: Joining): boolean;
  /** Waits for the next turn as long as a client may take. */
  linger(turn: Turn): void;
  /** There will be no next turn. */
  leave(turn: Turn): Promise<void>;
  close(): void;
}

export function createTurns({ services, streams }: CarrierParts, opening: Opening): Turns {
  const { clock, config, logger } = services;
  const turns = new Map<string, Turn>();
  const alarms = createAlarms(clock);

  const present = (key: string): Turn | undefined => {
    const turn = turns.get(key);
    return turn && streams.find(key) === turn.stream ? turn : undefined;
  };
  const leave = async (turn: Turn): Promise<void> => {
    const { key } = turn.stream;
    if (turns.get(key) === turn) {
      turns.delete(key);
      alarms.clear(key);
    }
    await opening.closed(turn.stream);
  };

  return {
    present,
    join(turn, { identity, attachment, attempt }) {
      const { stream } = turn;
      const before = present(stream.key);
      opening.register(stream, identity, attachment);
      if (streams.find(stream.key) !== stream) return false;
      turns.set(stream.key, turn);
      alarms.clear(stream.key);
      const goesOn = before !== undefined && attempt === 0 && continues(turn, before, attachment);
      if (goesOn) for (const frame of before.stream.leftovers()) stream.push(frame);
      else opening.announce(stream, identity, attachment);
      return goesOn;
    },
    linger(turn) {
      const goes = () => {
        leave(turn).catch((reason: unknown) =>
          logger.warn("an endpoint could not be cleared", { reason: textOf(reason) }),
        );
      };
      alarms.set(turn.stream.key, clock.now() + config.timers.pollLingerMs, goes);
      turn.stream.onOver(goes);
    },
    leave,
    close: alarms.close,
  };
}

/** Neither a snapshot nor a turn of another node lies between, and the client has had the last answer. */
function continues(turn: Turn, before: Turn, { snapshot, endpoint }: Attachment): boolean {
  const next = endpoint.generation === before.stream.generation + 1;
  return snapshot === undefined && next && turn.since === before.since && before.answered;
}
