export { longestUntil } from "./closing.ts";
export { type Crowd, type Room, roomFor } from "./crowd.ts";
export { alertDeadlineMs, decide, nextDeadline } from "./decide.ts";
export { isAbandoned, mayRelay, relayTargets, roleOf, signalTargets } from "./parties.ts";
export { fromClaim, isSameCall } from "./reattach.ts";
export { type Recall, type RecallRequest, recall } from "./recall.ts";
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
