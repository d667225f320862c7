import type { Peerline } from "@peerline/client";
import { type ReadonlySignal, signal } from "@preact/signals";
import { labTexts } from "./lab-texts.ts";

export interface LabPing {
  readonly isPinging: ReadonlySignal<boolean>;
  /** Of the last ping, when it was answered. */
  readonly pongMs: ReadonlySignal<number | undefined>;
  /** Never rejects: silence is a log line. */
  run(peerline: Pick<Peerline, "ping">): Promise<void>;
}

/** A message to the other person's client and back, and what the log says about it. */
export function createLabPing(other: string, say: (text: string) => void): LabPing {
  const isPinging = signal(false);
  const pongMs = signal<number | undefined>(undefined);
  return {
    isPinging,
    pongMs,
    async run(peerline) {
      isPinging.value = true;
      say(labTexts.line.pinging(other));
      try {
        pongMs.value = await peerline.ping(other);
        say(labTexts.line.pong(other, pongMs.value));
      } catch (error) {
        pongMs.value = undefined;
        say(labTexts.line.noPong(error instanceof Error ? error.message : String(error)));
      } finally {
        isPinging.value = false;
      }
    },
  };
}
