import { timestampMs } from "@bufbuild/protobuf/wkt";
import { toHex } from "@peerline/call-machine/wire";
import type { Life as WireLife } from "@peerline/protocol";

/** One page or process of an endpoint, by its newest Receive or Poll that was served. */
export interface Life {
  /** Hex. */
  readonly id: string;
  /** By its own clock, in ms. */
  readonly startedAt: number;
  readonly requestNumber: number;
}

export type LifeVerdict =
  | "serve"
  /** A copy, or one that was overtaken. */
  | "repeated"
  /** Of a page or process that another has followed. */
  | "superseded";

export function readLife({ id, started, requestNumber }: WireLife): Life {
  return { id: toHex(id), startedAt: started ? timestampMs(started) : 0, requestNumber };
}

/**
 * Whether a Receive or Poll may take the endpoint: what comes late, or once more, must not push out the stream that is open. A
 * clock that was set back between two lives keeps nobody out: the stream of the one before is closed by then. PROTOCOL 1.2, 2.7
 * row 63.
 */
export function judgeLife(
  served: Life | undefined,
  asking: Life | undefined,
  isAttached: boolean,
): LifeVerdict {
  if (!served || !asking) return "serve";
  if (served.id === asking.id) return asking.requestNumber > served.requestNumber ? "serve" : "repeated";
  return isAttached && asking.startedAt < served.startedAt ? "superseded" : "serve";
}

/** Whether a Detach comes too late: this life, or one after it, has asked again since. */
export function isOvertaken(served: Life | undefined, leaving: Life | undefined): boolean {
  if (!served || !leaving) return false;
  return served.id === leaving.id
    ? served.requestNumber > leaving.requestNumber
    : served.startedAt > leaving.startedAt;
}
