import type { RecentCall } from "@peerline/call-machine";
import { fakeRecent } from "./fake-views.ts";

const minute = 60_000;

/** Two people called in vain, one of them twice, after an answered and an unanswered call. */
export function fakeHistory(): readonly RecentCall[] {
  const chen = { user: "chen", displayName: "Chen Wei" };
  const ben = { user: "ben", displayName: "Ben Okafor" };
  const now = Date.now();
  const known = { missed: false, seen: true } as const;
  const talked = { reason: "hung-up", by: "them", at: now - 600 * minute, talkedMs: 754_000 } as const;
  const unanswered = {
    reason: "no-answer",
    by: "server",
    at: now - 3_000 * minute,
    talkedMs: undefined,
  } as const;
  return [
    fakeRecent("5", {}, now - minute),
    fakeRecent("4", { remote: chen, kind: "audio" }, now - 20 * minute),
    fakeRecent("3", {}, now - 30 * minute),
    fakeRecent("2", { ...known, remote: ben, end: talked }),
    fakeRecent("1", { ...known, role: "caller", remote: chen, end: unanswered }),
  ];
}
