import type { Clock } from "../ports.ts";
import { seededRandom } from "./random.ts";

/** What a bad network does. */
export interface NetworkOptions {
  readonly clock: Clock;
  readonly seed: number;
  /** How likely a request, a response or an event frame is lost, 0 to below 1. Default 0. */
  readonly drop?: number;
  /** How likely one of them arrives twice, 0 to 1. Default 0. */
  readonly duplicate?: number;
  /** Frames overtake one another. Default false. */
  readonly reorder?: boolean;
  /** Shortest and longest way of anything, in ms. Default 1 to 40. */
  readonly delayMs?: readonly [min: number, max: number];
}

/** The way of everything between a session and an exchange. */
export interface Network {
  /** Carries one message, or loses it, or carries it twice. Nothing arrives from before the last `down`. */
  carry(arrive: () => void): void;
  /** Opens a stream; not called back when another one was opened, or this one broke, before it stood. */
  up(established: () => void): void;
  down(): void;
  isUp(): boolean;
}

/** Everything arrives by the clock, in an order that the seed decides. */
export function lossyNetwork({
  clock,
  seed,
  drop = 0,
  duplicate = 0,
  reorder = false,
  delayMs = [1, 40],
}: NetworkOptions): Network {
  const random = seededRandom(seed);
  let stream = 0;
  let isUp = false;
  let lastArrival = 0;

  function arriveLater(arrive: () => void): void {
    const at = clock.now() + random.between(...delayMs);
    lastArrival = reorder ? at : Math.max(at, lastArrival);
    clock.setTimer(lastArrival, arrive);
  }

  return {
    carry(arrive) {
      const from = stream;
      if (!isUp || random.chance(drop)) return;
      const copies = random.chance(duplicate) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        arriveLater(() => {
          if (stream === from) arrive();
        });
      }
    },
    up(established) {
      stream += 1;
      const mine = stream;
      clock.setTimer(clock.now() + random.between(...delayMs), () => {
        if (stream !== mine) return;
        isUp = true;
        established();
      });
    },
    down() {
      stream += 1;
      isUp = false;
    },
    isUp: () => isUp,
  };
}
