import type { Logger } from "@peerline/call-machine";
import type { CallRecord } from "@peerline/call-machine/record";

/** One `info` line per lifecycle transition: ringing, accepted, ended with its reason. No payloads. */
export function logCall(logger: Logger, before: CallRecord | undefined, after: CallRecord): void {
  if (before?.phase === after.phase) return;
  const { callId: call, caller, calleeUser: to } = after;
  if (after.phase === "ringing")
    logger.info("call ringing", { call, from: caller.user, to, kind: after.kind });
  else if (after.phase === "active")
    logger.info(before ? "call accepted" : "call restored", { call, from: caller.user, to });
  else logger.info("call ended", { call, from: caller.user, to, reason: after.reason, by: after.by });
}
