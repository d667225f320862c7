import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { ErrorCode, GoAway_Action } from "@peerline/protocol";
import type { Frame } from "./live-stream.ts";

/** The frame that announces the end of a stream. PROTOCOL 1.10, 1.13. */
export function goAway(action: GoAway_Action, reason: ErrorCode, afterMs = 0): Frame {
  return { frame: { case: "goAway", value: { action, reason, after: durationFromMs(afterMs) } } };
}

/** Another stream of the endpoint has taken the place of this one. */
export const superseded = {
  /** By another page or process. */
  byAnother: goAway(GoAway_Action.STOP, ErrorCode.SUPERSEDED),
  /** By a request of the same life, which it may have given up: if it has, it comes back at once. */
  byItself: goAway(GoAway_Action.RESUME, ErrorCode.SUPERSEDED),
} as const;
