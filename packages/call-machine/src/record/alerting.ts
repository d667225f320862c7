import type { EndReason } from "../types.ts";
import { committed, everOffered, unchanged } from "./end.ts";
import type { CallRecord, Decision, RecordInput } from "./record.ts";

type Alerting = Extract<RecordInput, { type: "alerting" }>;

/**
 * An endpoint alerts its person. Its early answer goes to the caller when it is the only one that was ever rung, and the
 * caller is no stranger. `late` is what a call that rings no more is called. PROTOCOL 1.5.
 */
export function alerting(record: CallRecord, input: Alerting, late: EndReason | undefined): Decision {
  if (record.phase !== "ringing") return unchanged(record, late);
  const isOffered = record.offered.some((endpoint) => endpoint.key === input.from);
  if (!isOffered || record.alerting.includes(input.from)) return unchanged(record, undefined);
  const early = input.earlyAnswer === true && everOffered(record).length === 1 && !record.stranger;
  const next: CallRecord = {
    ...record,
    rev: record.rev + 1,
    alerting: [...record.alerting, input.from],
    ...(early ? { early: input.from } : {}),
  };
  const endpoints = next.alerting.length;
  return committed(next, [
    { to: record.caller.key, event: { type: "remoteAlerting", endpoints, ...(early ? { early } : {}) } },
  ]);
}

/** A silent call looks to its caller as if one endpoint alerted. Row 32. */
export function feignedAlerting(record: CallRecord): Decision {
  if (record.phase !== "ringing" || !record.silent || record.alerting.length > 0) {
    return unchanged(record, undefined);
  }
  const next = { ...record, rev: record.rev + 1, alerting: [nobody] };
  return committed(next, [{ to: record.caller.key, event: { type: "remoteAlerting", endpoints: 1 } }]);
}

/** No endpoint has this key. */
const nobody = "";
