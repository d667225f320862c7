import type { PresenceSubscribe } from "@peerline/protocol";

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

/** Whether a subscription is about a user; `contacts` are the viewer's. */
export function covers(
  subscription: Subscription,
  user: string,
  contacts: readonly string[] | "everyone",
): boolean {
  if (subscription.users.has(user)) return true;
  if (!subscription.contacts || user === subscription.viewer) return false;
  return contacts === "everyone" || contacts.includes(user);
}
