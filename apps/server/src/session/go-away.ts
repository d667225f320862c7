import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { ErrorCode, GoAway_Action } from "@peerline/protocol";
import type { Frame } from "./live-stream.ts";

/** The frame that announces the end of a stream. PROTOCOL 1.10, 1.13. */
export function goAway(action: GoAway_Action, reason: ErrorCode, afterMs = 0): Frame {
  return { frame: { case: "goAway", value: { action, reason, after: durationFromMs(afterMs) } } };
}
