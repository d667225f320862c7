import type { CallRecord } from "./record.ts";

/** One more call wants to ring at a person. */
export interface Crowd {
  /** The calls that ring at this person. */
  readonly ringing: readonly CallRecord[];
  /** The user who calls now. */
  readonly caller: string;
  /** So many ring at once. */
  readonly max: number;
  /** Whether the person knows this user. */
  isContact(user: string): boolean;
}

/** `free`: it rings beside the others. `full`: nobody makes room. Else the call that makes room, and then it rings. */
export type Room = "free" | "full" | CallRecord;

/**
 * Ringing makes nobody busy. A stranger's call makes room for a contact's at once, since a device rings for one call only. Beyond
 * `max` a call makes room, so that whoever rings long or often keeps no one away: first the caller's own one, then a stranger's, then the
 * one that has rung the longest. A stranger takes no contact's place.
 */
export function roomFor({ ringing, caller, max, isContact }: Crowd): Room {
  const isKnown = (record: CallRecord) => !record.stranger && isContact(record.caller.user);
  const isOwn = (record: CallRecord) => record.caller.user === caller;
  const oldestFirst = ringing.toSorted((one, other) => one.createdAt - other.createdAt);
  const stranger = oldestFirst.find((record) => !isKnown(record));
  if (ringing.length < max) return (isContact(caller) && stranger) || "free";
  const own = oldestFirst.find(isOwn) ?? stranger;
  if (own) return own;
  return isContact(caller) ? (oldestFirst[0] ?? "full") : "full";
}
