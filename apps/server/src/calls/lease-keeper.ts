import type { Clock } from "@peerline/call-machine";
import type { CallRecord } from "@peerline/call-machine/record";
import { checkLease, hear, type Lease, type LeaseParty, type LeaseTimers, startLease } from "./lease.ts";

/** What the keeper reports; both may be async, neither may throw. */
export interface LeaseReports {
  /** Tell the other party. */
  status(callId: string, party: LeaseParty, reachable: boolean): void;
  lost(callId: string, key: string): void;
}

/** Watches the leases of the accepted calls on an injected clock. PROTOCOL D7, 2.6. */
export interface LeaseKeeper {
  start(record: CallRecord): void;
  stop(callId: string): void;
  /** `mediaAlive` by call id. `all`: the proof of life counts for every call of the endpoint. */
  heard(key: string, mediaAlive: ReadonlyMap<string, boolean>, all: boolean): void;
  /** Whether the endpoint is a party of a call that is watched. */
  isKept(key: string): boolean;
  close(): void;
}

export function createLeaseKeeper(clock: Clock, timers: LeaseTimers, reports: LeaseReports): LeaseKeeper {
  const leases = new Map<string, { lease: Lease; cancel: () => void }>();
  const callsByKey = new Map<string, Set<string>>();
  const unlink = (key: string, callId: string) => {
    const calls = callsByKey.get(key);
    calls?.delete(callId);
    if (calls?.size === 0) callsByKey.delete(key);
  };

  const look = (callId: string) => {
    const found = leases.get(callId);
    if (!found) return;
    const check = checkLease(found.lease, clock.now(), timers);
    leases.set(callId, { lease: check.lease, cancel: clock.setTimer(check.nextAt, () => look(callId)) });
    for (const party of check.fellSilent) reports.status(callId, party, false);
    if (check.lost !== undefined) reports.lost(callId, check.lost);
  };

  return {
    start(record) {
      const lease = startLease(record, clock.now());
      if (!lease || leases.has(lease.callId)) return;
      const cancel = clock.setTimer(clock.now() + timers.unreachableMs, () => look(lease.callId));
      leases.set(lease.callId, { lease, cancel });
      for (const { key } of lease.parties)
        callsByKey.set(key, (callsByKey.get(key) ?? new Set()).add(lease.callId));
    },
    stop(callId) {
      const found = leases.get(callId);
      found?.cancel();
      leases.delete(callId);
      for (const { key } of found?.lease.parties ?? []) unlink(key, callId);
    },
    heard(key, mediaAlive, all) {
      for (const callId of callsByKey.get(key) ?? []) {
        const entry = leases.get(callId);
        if (!entry || !(all || mediaAlive.has(callId))) continue;
        const { lease, returned } = hear(entry.lease, key, clock.now(), mediaAlive.get(callId));
        leases.set(callId, { ...entry, lease });
        if (returned) reports.status(callId, returned, true);
      }
    },
    isKept: (key) => callsByKey.has(key),
    close() {
      for (const { cancel } of leases.values()) cancel();
      leases.clear();
      callsByKey.clear();
    },
  };
}
