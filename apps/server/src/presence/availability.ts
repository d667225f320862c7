import type { CallRecord } from "@peerline/call-machine/record";
import { Availability } from "@peerline/protocol";

/** What decides how a user is shown. */
export interface Situation {
  readonly online: boolean;
  /** Accepted calls. */
  readonly talking: number;
  readonly bot: boolean;
  /** The user's own word. */
  readonly wish: Availability | undefined;
}

/** How a user is shown: a bot that takes several calls is never busy by talking. PROTOCOL 1.7. */
export function availabilityOf(situation: Situation): Availability {
  if (!situation.online || situation.wish === Availability.OFFLINE) return Availability.OFFLINE;
  if (situation.wish === Availability.BUSY) return Availability.BUSY;
  return situation.talking > 0 && !situation.bot ? Availability.BUSY : Availability.ONLINE;
}

/** When a change may be told, so that each user changes at most once per interval. */
export function publishAt(lastAt: number | undefined, now: number, intervalMs: number): number {
  return lastAt === undefined ? now : Math.max(now, lastAt + intervalMs);
}

/** The users of an accepted call, for its record. */
export function talkers(record: CallRecord): readonly string[] {
  return record.phase === "active" ? [...new Set([record.caller.user, record.calleeUser])] : [];
}
