import type { SessionTiming } from "./timing.ts";

/** Which applied events the server has not been told of. PROTOCOL 1.2: acknowledgements are cumulative. */
export interface Acks {
  readonly acked: bigint;
  /** When the first event that is not acknowledged was applied. */
  readonly since: number | undefined;
}

export const noAcks: Acks = { acked: 0n, since: undefined };

/** An event was applied at `now`. */
export function afterApplied(acks: Acks, now: number): Acks {
  return acks.since === undefined ? { ...acks, since: now } : acks;
}

/** The server took a request that acknowledged `offset`; `cursor` is what is applied by now. */
export function afterAcked(offset: bigint, cursor: bigint, now: number): Acks {
  return { acked: offset, since: cursor > offset ? now : undefined };
}

/** When an acknowledgement must leave even alone: Infinity when there is nothing to say. */
export function ackAt(acks: Acks, cursor: bigint, timing: SessionTiming): number {
  if (acks.since === undefined || cursor <= acks.acked) return Number.POSITIVE_INFINITY;
  return cursor - acks.acked >= BigInt(timing.ackEvents) ? acks.since : acks.since + timing.ackMs;
}
