import { setTimeout as delay } from "node:timers/promises";
import type { NodePerson } from "./node-people.ts";

/** What was heard between two moments. */
export interface Heard {
  readonly packets: number;
  /** Missing between those that came. */
  readonly lost: number;
  /** The longest time without a new packet, in ms. */
  readonly longestSilenceMs: number;
}

/** Follows the sound that a person gets. libwebrtc counts anew every 50 ms, so silences are known to about that. */
export interface SoundMeter {
  /** What was heard since the meter began. */
  stop(): Promise<Heard>;
}

const sampleEveryMs = 25;

export async function startSoundMeter(person: NodePerson): Promise<SoundMeter> {
  const first = await person.sound();
  let last = first;
  let lastNewAt = performance.now();
  let longestSilenceMs = 0;
  let running = true;

  async function follow(): Promise<void> {
    while (running) {
      await delay(sampleEveryMs);
      const next = await person.sound();
      const now = performance.now();
      longestSilenceMs = Math.max(longestSilenceMs, now - lastNewAt);
      if (next.packets > last.packets) lastNewAt = now;
      last = next;
    }
  }

  const followed = follow();
  return {
    async stop() {
      running = false;
      await followed;
      return {
        packets: last.packets - first.packets,
        lost: last.lost - first.lost,
        longestSilenceMs: Math.round(longestSilenceMs),
      };
    },
  };
}
