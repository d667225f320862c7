import { virtualClock as clockAt, type VirtualClock } from "@peerline/call-machine/testing";

export type { VirtualClock };

/** Starts at `startAt`, in ms. Default: 1 000 000, so that a forgotten zero shows. */
export function virtualClock(startAt = 1_000_000): VirtualClock {
  return clockAt(startAt);
}
