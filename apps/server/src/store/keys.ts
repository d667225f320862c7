import type { CallEntry } from "../calls/call-entry.ts";
import type { SessionEntry } from "../session/session-entry.ts";
import type { UserEntry } from "../session/user-entry.ts";
import { type Key, key } from "./port.ts";

/** Names an endpoint and its mailbox. An endpoint id alone opens nothing: the user is part of the key. PROTOCOL 1.1. */
export function endpointKey(user: string, endpointIdHex: string): string {
  return `${endpointIdHex}@${user}`;
}

/** The endpoint id of an endpoint's key, hex. */
export function endpointIdOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.indexOf("@"));
}

/** The user of an endpoint's key. */
export function userOfKey(endpoint: string): string {
  return endpoint.slice(endpoint.indexOf("@") + 1);
}

export function userKey(user: string): Key<UserEntry> {
  return key(`user:${user}`);
}

export function callKey(callId: string): Key<CallEntry> {
  return key(`call:${callId}`);
}

export function sessionKey(endpoint: string): Key<SessionEntry> {
  return key(`session:${endpoint}`);
}
