import type { CallRecord, Endpoint } from "./record.ts";

/** The part that an endpoint plays in a call; `undefined` for one that is no party of it. */
export function roleOf(record: CallRecord, key: string): "caller" | "callee" | undefined {
  if (record.caller.key === key) return "caller";
  return record.offered.some((endpoint) => endpoint.key === key) ? "callee" : undefined;
}

/** The one who calls, or the one who won. */
export function isParty({ caller, accepted }: Pick<CallRecord, "caller" | "accepted">, key: string): boolean {
  return key === caller.key || key === accepted?.key;
}

/**
 * Whether neither party of an accepted call has been heard for a while (`unreachable`: the keys of those). It goes on, for people
 * talk while the server is out of their reach, but it makes nobody busy: they may be gone.
 */
export function isAbandoned(
  { phase, caller, accepted }: CallRecord,
  unreachable: readonly string[],
): boolean {
  if (phase !== "active" || !accepted) return false;
  return unreachable.includes(caller.key) && unreachable.includes(accepted.key);
}

/** Whether an endpoint may still exchange signals in this call: not after the end, and not the devices that lost. */
export function mayRelay(record: CallRecord, key: string): boolean {
  if (record.phase === "ended") return false;
  if (record.phase === "active") return isParty(record, key);
  return roleOf(record, key) !== undefined;
}

/** Where a signal of `from` goes: the caller's to every endpoint that rings, until one has won. */
export function relayTargets(record: CallRecord, from: string): readonly Endpoint[] {
  if (!mayRelay(record, from)) return [];
  if (from !== record.caller.key) return [record.caller];
  return record.accepted ? [record.accepted] : record.offered;
}

/**
 * Where descriptions, candidates and media states of `from` go. Before the accept nothing of the callee leaves, but for
 * the endpoint whose early answer the caller has. PROTOCOL 1.5, invariants 25, 26.
 */
export function signalTargets(record: CallRecord, from: string): readonly Endpoint[] {
  const isHeld = record.phase === "ringing" && from !== record.caller.key && from !== record.early;
  return isHeld ? [] : relayTargets(record, from);
}
