import type { PresenceUpdate_Item } from "@peerline/protocol";
import { andThen } from "../outside.ts";
import type { KnownContacts, Rules } from "../policy.ts";
import type { Followers } from "./followers.ts";
import type { Person } from "./people.ts";
import { type Subscription, sameContacts } from "./subscriptions.ts";
import type { Views } from "./views.ts";

/** An endpoint with a subscription, and what it is being told. */
export interface Reader {
  readonly key: string;
  subscription: Subscription;
  known: KnownContacts;
  /** Of the newest full answer; an older one that comes late is dropped. */
  round: number;
  /** Changes since the newest full answer was begun: told behind it. */
  late: Map<string, PresenceUpdate_Item> | undefined;
}

/** What a full answer is made of. */
export interface ReaderParts {
  readonly policy: Rules;
  readonly people: ReadonlyMap<string, Person>;
  readonly followers: Followers;
  readonly views: Views;
  readonly maxUsers: number;
  /** The reader is still the one of its endpoint. */
  isPresent(reader: Reader): boolean;
}

const nobody: KnownContacts = new Set();

export function newReader(key: string, subscription: Subscription): Reader {
  return { key, subscription, known: nobody, round: 0, late: undefined };
}

/** Tells everything in a subscription, as soon as the policy has said what that is. */
export function tellEverything(parts: ReaderParts, reader: Reader): void | Promise<void> {
  const { people, followers, views, maxUsers } = parts;
  reader.round += 1;
  reader.late = new Map();
  const { round, subscription, key } = reader;
  const isOld = () => !parts.isPresent(reader) || reader.round !== round;
  return andThen(contactsOf(parts, reader), (known) => {
    if (isOld()) return;
    reader.known = known;
    followers.set(key, known, subscription.users);
    const users = watched(subscription, known, people).slice(0, maxUsers);
    return andThen(views.visible(subscription.viewer, users), (visible) => {
      if (isOld()) return;
      views.show(key, users, visible, people);
      return tellLate(parts, reader);
    });
  });
}

async function tellLate({ views }: ReaderParts, reader: Reader): Promise<void> {
  const { key, subscription, late } = reader;
  reader.late = undefined;
  const changes = [...(late ?? [])].map(([user, item]) => views.change(key, subscription.viewer, user, item));
  await Promise.all(changes);
}

/** Tells everything again when the contacts are others than before. */
export async function tellNewContacts(parts: ReaderParts, reader: Reader): Promise<void> {
  const known = await contactsOf(parts, reader);
  if (parts.isPresent(reader) && !sameContacts(known, reader.known)) await tellEverything(parts, reader);
}

/** Those of before when the policy fails. */
function contactsOf({ policy }: ReaderParts, { subscription, known }: Reader) {
  if (!subscription.contacts) return nobody;
  return andThen(policy.contactsOf(subscription.viewer), (contacts) => contacts ?? known);
}

/** Those asked for by name, then contacts, the ones that are there first. */
function watched(
  { users, contacts, viewer }: Subscription,
  known: KnownContacts,
  people: ReadonlyMap<string, Person>,
): readonly string[] {
  const all = known === "everyone" ? [...people.keys()] : [...known];
  const others = contacts ? all.filter((user) => user !== viewer) : [];
  const isOnline = (user: string) => people.get(user)?.online === true;
  const sorted = [...others.filter(isOnline), ...others.filter((user) => !isOnline(user))];
  return [...new Set([...users, ...sorted])];
}
