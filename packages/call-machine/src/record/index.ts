export { alertDeadlineMs, decide, mayRelay, nextDeadline, relayTargets, roleOf } from "./decide.ts";
export type {
  CallClaim,
  CallRecord,
  Decision,
  Delivery,
  EndedByRole,
  Endpoint,
  RecordEvent,
  RecordInput,
} from "./record.ts";
