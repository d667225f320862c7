import type { Random } from "@peerline/call-machine/testing";
import type { Fate, Passage, Rule } from "./passage.ts";

/** How likely each fault is, per passage, 0 to 1; and how long things take. */
export interface Climate {
  readonly loseRequest: number;
  readonly loseResponse: number;
  readonly copyRequest: number;
  readonly cutStream: number;
  readonly halfOpenStream: number;
  readonly copyFrame: number;
  readonly loseHangup: number;
  /** How likely a passage is late: by up to `lateMs`, which is longer than an endpoint waits for an answer. */
  readonly late: number;
}

export const climates = {
  calm: {
    loseRequest: 0,
    loseResponse: 0,
    copyRequest: 0,
    cutStream: 0,
    halfOpenStream: 0,
    copyFrame: 0,
    loseHangup: 0,
    late: 0,
  },
  mild: {
    loseRequest: 0.05,
    loseResponse: 0.05,
    copyRequest: 0.05,
    cutStream: 0.02,
    halfOpenStream: 0.01,
    copyFrame: 0.05,
    loseHangup: 0.1,
    late: 0.02,
  },
  wild: {
    loseRequest: 0.15,
    loseResponse: 0.2,
    copyRequest: 0.15,
    cutStream: 0.06,
    halfOpenStream: 0.03,
    copyFrame: 0.1,
    loseHangup: 0.3,
    late: 0.08,
  },
} as const satisfies Record<string, Climate>;

const shortestMs = 1;
const longestMs = 80;
const lateMs = 8_000;
const longestCopyMs = 3_000;
const loudLoss = 0.4;

/** Faults for every passage, by chance; none once `isOver`. */
export function weather(random: Random, climate: Climate, isOver: () => boolean): Rule {
  return ({ kind, rpc }) => {
    const delayMs = random.between(shortestMs, longestMs);
    if (isOver()) return { delayMs };
    const late = random.chance(climate.late) ? random.between(longestMs, lateMs) : 0;
    return { delayMs: delayMs + late, ...fateIn(random, climate, kind, rpc) };
  };
}

function fateIn(random: Random, climate: Climate, kind: Passage["kind"], rpc: string): Omit<Fate, "delayMs"> {
  const lost = { loss: random.chance(loudLoss) ? "error" : "silent" } as const;
  const again = { copyAfterMs: random.between(shortestMs, longestCopyMs) };
  const roll = random.next();
  switch (kind) {
    case "request":
      if (roll < climate.loseRequest) return lost;
      // A stream that is asked for twice by the network itself is no fault that exists.
      return rpc !== "receive" && roll > 1 - climate.copyRequest ? again : {};
    case "response":
      return roll < climate.loseResponse ? lost : {};
    case "hangup":
      return roll < climate.loseHangup ? { loss: "silent" } : {};
    case "frame":
      if (roll < climate.cutStream) return { loss: "error" };
      if (roll < climate.cutStream + climate.halfOpenStream) return { loss: "silent" };
      return roll > 1 - climate.copyFrame ? again : {};
  }
}
