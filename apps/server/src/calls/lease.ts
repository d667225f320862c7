import type { CallRecord } from "@peerline/call-machine/record";

/** One party of an accepted call, as its proofs of life show it. */
export interface LeaseParty {
  readonly key: string;
  readonly party: string;
  readonly heardAt: number;
  /** Its last report: packets come from the other one. */
  readonly mediaAlive: boolean;
  readonly unreachable: boolean;
}

/** The proofs of life of an accepted call. PROTOCOL D7. */
export interface Lease {
  readonly callId: string;
  readonly parties: readonly [LeaseParty, LeaseParty];
}

export interface LeaseTimers {
  readonly unreachableMs: number;
  readonly leaseMs: number;
}

export interface LeaseCheck {
  readonly lease: Lease;
  /** Parties that fell silent just now. */
  readonly fellSilent: readonly LeaseParty[];
  /** Key of the party whose lease is over. */
  readonly lost: string | undefined;
  /** When to look again. */
  readonly nextAt: number;
}

/** Between looks at a party that only the other one's media report keeps. */
const keptByMediaMs = 5_000;

/** Both leases start at the accept. `undefined`: the call is not accepted. */
export function startLease(record: CallRecord, now: number): Lease | undefined {
  if (record.phase !== "active" || !record.accepted) return undefined;
  const party = ({ key, party: id }: { key: string; party: string }): LeaseParty => ({
    key,
    party: id,
    heardAt: now,
    mediaAlive: false,
    unreachable: false,
  });
  return { callId: record.callId, parties: [party(record.caller), party(record.accepted)] };
}

/** A party gave a proof of life; `mediaAlive` undefined says nothing of media. `returned`: it had fallen silent. */
export function hear(
  lease: Lease,
  key: string,
  now: number,
  mediaAlive: boolean | undefined,
): { readonly lease: Lease; readonly returned: LeaseParty | undefined } {
  const returned = lease.parties.find((party) => party.key === key && party.unreachable);
  const next = mapParties(lease, (party) =>
    party.key === key
      ? { ...party, heardAt: now, unreachable: false, mediaAlive: mediaAlive ?? party.mediaAlive }
      : party,
  );
  return { lease: next, returned };
}

/** Who fell silent, and whose lease is over. A party that still sends media keeps the other's call. PROTOCOL 1.5. */
export function checkLease(lease: Lease, now: number, timers: LeaseTimers): LeaseCheck {
  const isSilent = (party: LeaseParty) => now - party.heardAt >= timers.unreachableMs;
  const fellSilent = lease.parties.filter((party) => !party.unreachable && isSilent(party));
  const next = mapParties(lease, (party) => (isSilent(party) ? { ...party, unreachable: true } : party));
  const [one, two] = lease.parties;
  const isOver = ({ heardAt }: LeaseParty) => now - heardAt >= timers.leaseMs;
  const lost = [
    { party: one, other: two },
    { party: two, other: one },
  ].find(({ party, other }) => isOver(party) && !(other.mediaAlive && !isOver(other)));
  return { lease: next, fellSilent, lost: lost?.party.key, nextAt: nextLook(next, now, timers) };
}

function nextLook(lease: Lease, now: number, timers: LeaseTimers): number {
  const looks = lease.parties.map((party) => {
    if (!party.unreachable) return party.heardAt + timers.unreachableMs;
    return Math.max(party.heardAt + timers.leaseMs, now + keptByMediaMs);
  });
  return Math.min(...looks);
}

function mapParties(lease: Lease, change: (party: LeaseParty) => LeaseParty): Lease {
  return { ...lease, parties: [change(lease.parties[0]), change(lease.parties[1])] };
}
