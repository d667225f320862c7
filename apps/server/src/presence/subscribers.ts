import type { PresenceSubscribe } from "@peerline/protocol";
import type { Services } from "../services.ts";
import { itemOf, type Person } from "./people.ts";
import type { Tell } from "./presence.ts";
import { covers, type Subscription, subscribed } from "./subscriptions.ts";

/** The endpoints that follow presence, and what each may see. */
export interface Subscribers {
  /** Replaces or extends a subscription, then tells everything in it. */
  subscribe(user: string, key: string, request: PresenceSubscribe): void;
  /** Everything that the endpoint has subscribed to. */
  resend(key: string): void;
  /** One user's present value, to everyone who follows. */
  tellAll(user: string): void;
  forget(key: string): void;
}

export function createSubscribers(
  { policy, config }: Services,
  people: ReadonlyMap<string, Person>,
  tell: Tell,
): Subscribers {
  const subscriptions = new Map<string, Subscription>();
  const maxUsers = config.limits.subscribedUsers;
  /** Whom each endpoint was shown last: what becomes of anyone else must not even be told as a change. PROTOCOL T5. */
  const shown = new Map<string, Set<string>>();
  const itemFor = (key: string, viewer: string, user: string) => {
    const visible = viewer === user || policy.maySeePresence(viewer, user);
    const users = shown.get(key) ?? new Set();
    if (visible) shown.set(key, users.add(user));
    else users.delete(user);
    return itemOf(user, visible ? people.get(user) : undefined);
  };
  const isHidden = (key: string, viewer: string, user: string) =>
    viewer !== user && shown.get(key)?.has(user) !== true && !policy.maySeePresence(viewer, user);
  const resend = (key: string) => {
    const subscription = subscriptions.get(key);
    if (!subscription) return;
    const { viewer } = subscription;
    shown.delete(key);
    const users = watched(subscription, policy.contactsOf(viewer), people).slice(0, maxUsers);
    tell(
      key,
      users.map((user) => itemFor(key, viewer, user)),
      true,
    );
  };
  return {
    subscribe(user, key, request) {
      subscriptions.set(key, subscribed(subscriptions.get(key), user, request, maxUsers));
      resend(key);
    },
    resend,
    tellAll(user) {
      for (const [key, subscription] of subscriptions) {
        const { viewer } = subscription;
        if (!covers(subscription, user, policy.contactsOf(viewer)) || isHidden(key, viewer, user)) continue;
        tell(key, [itemFor(key, viewer, user)], false);
      }
    },
    forget: (key) => {
      subscriptions.delete(key);
      shown.delete(key);
    },
  };
}

/** Those asked for by name, then contacts, the ones that are there first. */
function watched(
  subscription: Subscription,
  contacts: readonly string[] | "everyone",
  people: ReadonlyMap<string, Person>,
): readonly string[] {
  const everyone = contacts === "everyone" ? [...people.keys()] : contacts;
  const others = subscription.contacts ? everyone.filter((user) => user !== subscription.viewer) : [];
  const isOnline = (user: string) => people.get(user)?.online === true;
  const sorted = [...others.filter(isOnline), ...others.filter((user) => !isOnline(user))];
  return [...new Set([...subscription.users, ...sorted])];
}
