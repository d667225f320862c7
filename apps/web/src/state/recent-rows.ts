import type { CallId, MediaKind, RecentCall, RemoteUser, Role } from "@peerline/call-machine";
import { endText } from "./end-text.ts";
import { texts } from "./texts.ts";

/** More than these are not worth a look. */
const maxRecentRows = 8;

/** What one person called about in vain, since it was last seen. */
export interface MissedRow {
  readonly remote: RemoteUser;
  readonly callIds: readonly CallId[];
  /** Of the newest: what a call back asks for, and when it was. */
  readonly kind: MediaKind;
  readonly at: number;
}

export interface RecentRow {
  readonly callId: CallId;
  readonly remote: RemoteUser;
  readonly role: Role;
  /** How it ended, as a sentence. */
  readonly outcome: string;
  readonly missed: boolean;
  readonly at: number;
}

/** The missed calls that the person has not seen, one row for each caller, the newest first. UX 1.2. */
export function missedRows(recent: readonly RecentCall[]): readonly MissedRow[] {
  const rows = new Map<string, MissedRow>();
  for (const { remote, callId, kind, end, missed, seen } of recent) {
    if (!missed || seen) continue;
    const row = rows.get(remote.user) ?? { remote, callIds: [], kind, at: end.at };
    rows.set(remote.user, { ...row, callIds: [...row.callIds, callId] });
  }
  return [...rows.values()];
}

/** The other calls that are over, the newest first. */
export function recentRows(recent: readonly RecentCall[]): readonly RecentRow[] {
  return recent
    .filter(({ missed, seen }) => !missed || seen)
    .slice(0, maxRecentRows)
    .map(({ callId, remote, role, end, missed }) => {
      const outcome = missed ? texts.recent.missedOutcome : endText({ end, role, name: remote.displayName });
      return { callId, remote, role, outcome, missed, at: end.at };
    });
}
