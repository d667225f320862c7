import type { PresenceSubscribe } from "@peerline/protocol";
import type { KnownContacts } from "../policy.ts";

/** Whose presence one endpoint is told. */
export interface Subscription {
  readonly viewer: string;
  readonly users: ReadonlySet<string>;
  readonly contacts: boolean;
}

/** The subscription after a request: in the place of the old one, or added to it, at most `maxUsers`. PROTOCOL 1.7. */
export function subscribed(
  old: Subscription | undefined,
  viewer: string,
  request: PresenceSubscribe,
  maxUsers: number,
): Subscription {
  const base = request.replace ? undefined : old;
  const users = new Set([...(base?.users ?? []), ...request.users]);
  return {
    viewer,
    users: new Set([...users].slice(0, maxUsers)),
    contacts: request.contacts || (base?.contacts ?? false),
  };
}

/** Whether two answers name the same people. */
export function sameContacts(one: KnownContacts, other: KnownContacts): boolean {
  if (one === "everyone" || other === "everyone") return one === other;
  return one.size === other.size && [...one].every((user) => other.has(user));
}
