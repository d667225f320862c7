import type { Clock, MediaPort } from "../ports.ts";
import type { LocalMediaState, SourceState } from "../types.ts";
import { seededRandom } from "./random.ts";

export interface ScriptedMediaOptions {
  readonly clock: Clock;
  /** Default 1. */
  readonly seed?: number;
  /** How likely a source is refused, 0 to 1. Default 0. */
  readonly refusal?: number;
  /** Shortest and longest time that opening takes, in ms. Default 1 to 300. */
  readonly delayMs?: readonly [min: number, max: number];
}

/** Devices that open after a while. */
export interface ScriptedMedia extends MediaPort {
  /** How many calls hold devices. */
  held(): number;
}

export function scriptedMedia(options: ScriptedMediaOptions): ScriptedMedia {
  const { clock, seed = 1, refusal = 0, delayMs = [1, 300] } = options;
  const random = seededRandom(seed);
  const held = new Set<object>();
  return {
    held: () => held.size,
    open(_callId, wanted, receive) {
      const session = {};
      held.add(session);
      const sourceOf = (on: boolean): SourceState => {
        if (!on) return "off";
        return random.chance(refusal) ? "denied" : "on";
      };
      let media: LocalMediaState = { microphone: "off", camera: "off" };
      const change = (next: Partial<LocalMediaState>) => {
        clock.setTimer(clock.now() + random.between(...delayMs), () => {
          if (!held.has(session)) return;
          media = { ...media, ...next };
          receive({ type: "media.changed", media });
        });
      };
      change({ microphone: sourceOf(wanted.microphone), camera: sourceOf(wanted.camera) });
      return {
        setMicrophone: (on) => change({ microphone: sourceOf(on) }),
        setCamera: (on) => change({ camera: sourceOf(on) }),
        close: () => void held.delete(session),
      };
    },
  };
}
