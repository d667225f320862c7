// What a test that watches a server's store needs to know: how values are named, and what they are.

// What an explorer runs over a transaction of its own: the decisions about commands, attaching and deadlines.
export { decideCall } from "../calls/call-engine.ts";
export type { CallEntry } from "../calls/call-entry.ts";
export { runCommand } from "../calls/commands/run.ts";
export type { CommandScene, Scene } from "../calls/scene.ts";
export type { TicketClaim } from "../calls/ticket-payload.ts";
export type { Tickets } from "../calls/tickets.ts";
export { defaultServerLimits, defaultServerTimers } from "../config/defaults.ts";
export { errorDetail } from "../errors/to-connect.ts";
export type { Services } from "../services.ts";
export { attach } from "../session/attach.ts";
export type { SessionEntry } from "../session/session-entry.ts";
export type { UserEntry } from "../session/user-entry.ts";
export { callKey, endpointKey, sessionKey, userKey, userOfKey } from "../store/keys.ts";
