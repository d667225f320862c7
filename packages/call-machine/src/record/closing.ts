import { endCall, unchanged } from "./end.ts";
import { mayRelay, roleOf } from "./parties.ts";
import type { CallRecord, Decision, RecordInput } from "./record.ts";

type Input<T extends RecordInput["type"]> = Extract<RecordInput, { type: T }>;

/**
 * Another call between the same two takes the place of an accepted one, or of one that rings when its caller calls again.
 * PROTOCOL 1.5 Recall.
 */
export function replaced(record: CallRecord, { at, by }: Input<"replaced">): Decision {
  const gives = record.phase === "active" || (record.phase === "ringing" && by === "caller");
  if (!gives) return unchanged(record, record.reason);
  return endCall(record, { reason: "replaced", by, at, except: undefined });
}

/** One that rings makes room for another caller: nobody has taken it. */
export function crowdedOut(record: CallRecord, { at }: Input<"crowdedOut">): Decision {
  if (record.phase !== "ringing") return unchanged(record, record.reason);
  return endCall(record, { reason: "no-answer", by: "server", at, except: undefined });
}

/** When an accepted call has lasted `maxMs`; `undefined` for any other. Row 102. */
export function longestUntil(record: CallRecord, maxMs: number): number | undefined {
  if (record.phase !== "active" || record.acceptedAt === undefined) return undefined;
  return record.acceptedAt + maxMs;
}

/** Row 102. */
export function durationReached(record: CallRecord, { at, maxMs }: Input<"durationReached">): Decision {
  const due = longestUntil(record, maxMs);
  if (due === undefined || at < due) return unchanged(record, undefined);
  return endCall(record, { reason: "max-duration", by: "server", at, except: undefined });
}

/** A party's call is over, and so is what a caller rings; a callee that only rings is let go of elsewhere. Row 95. */
export function revoked(record: CallRecord, { at, key }: Input<"revoked">): Decision {
  const isIn = record.phase === "active" ? mayRelay(record, key) : roleOf(record, key) === "caller";
  if (!isIn || record.phase === "ended") return unchanged(record, undefined);
  return endCall(record, { reason: "not-allowed", by: "server", at, except: undefined });
}
