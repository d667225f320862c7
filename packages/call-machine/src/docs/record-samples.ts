import { type CallRecord, decide, type Endpoint } from "../record/index.ts";

/** Of the user that the key names. */
export function endpoint(key: string): Endpoint {
  const [user = key] = key.split("/");
  return { key, user, displayName: user, party: key, deviceLabel: key };
}

export const [ana, ben1, ben2] = [endpoint("ana/1"), endpoint("ben/1"), endpoint("ben/2")];
/** Ana calls; both of Ben's endpoints ring. */
export const ringing = decide(undefined, {
  type: "invite",
  at: 0,
  callId: "c1",
  kind: "audio",
  caller: ana,
  calleeUser: "ben",
  ringable: [ben1, ben2],
  ringMs: 60_000,
  calleeBusy: false,
  crossing: undefined,
}).record as CallRecord;
/** The first of them took it. */
export const active = decide(ringing, { type: "accept", at: 1_000, from: ben1.key, kind: "audio" })
  .record as CallRecord;
/** Ana hung up. */
export const over = decide(active, { type: "end", at: 2_000, from: ana.key, wish: undefined })
  .record as CallRecord;
