import { afterPing } from "./liveness.ts";

/** How far the mailbox has been applied. Replaced, never changed in place. PROTOCOL 1.2 step 4, invariants 13 to 16. */
export interface CursorState {
  readonly epoch: Uint8Array | undefined;
  /** The last offset applied. */
  readonly offset: bigint;
  /** The offset at which everything that was waiting at the last Hello is applied. */
  readonly target: bigint;
  readonly caughtUp: boolean;
  readonly pingsBehind: number;
}

/** Before the first Hello. */
export const noCursor: CursorState = {
  epoch: undefined,
  offset: 0n,
  target: 0n,
  caughtUp: false,
  pingsBehind: 0,
};

export interface HelloPosition {
  readonly epoch: Uint8Array;
  readonly resumed: boolean;
  readonly topOffset: bigint;
}

/**
 * The cursor after a Hello: a resume keeps it, a snapshot restarts it at the top. `undefined` when the server claims
 * to resume another epoch than the one applied: such a stream must not be read.
 */
export function afterHello(cursor: CursorState, hello: HelloPosition): CursorState | undefined {
  const sameEpoch = cursor.epoch !== undefined && sameBytes(cursor.epoch, hello.epoch);
  if (hello.resumed && !sameEpoch) return undefined;
  const offset = hello.resumed ? cursor.offset : hello.topOffset;
  return {
    epoch: hello.epoch,
    offset,
    target: hello.topOffset,
    caughtUp: offset >= hello.topOffset,
    pingsBehind: 0,
  };
}

/** `drop`: seen before. `gap`: something between was lost, resume. */
export type Arrival = "apply" | "drop" | "gap";

/** What to do with the event of this offset, and the cursor once that is done. */
export function arrive(cursor: CursorState, offset: bigint): readonly [Arrival, CursorState] {
  if (offset <= cursor.offset) return ["drop", cursor];
  if (offset > cursor.offset + 1n) return ["gap", cursor];
  return ["apply", { ...cursor, offset, caughtUp: offset >= cursor.target }];
}

/** The cursor after a ping, and whether the pings show that events were lost. */
export function ping(cursor: CursorState, topOffset: bigint): readonly [CursorState, boolean] {
  const { pingsBehind, lost } = afterPing(cursor.pingsBehind, topOffset, cursor.offset);
  return [{ ...cursor, pingsBehind }, lost];
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
