import type { PresenceSubscribe } from "@peerline/protocol";
import { createAlarms } from "../calls/alarms.ts";
import { textOf } from "../outside.ts";
import type { Services } from "../services.ts";
import { createFollowers } from "./followers.ts";
import { itemOf, type Person } from "./people.ts";
import type { Tell } from "./presence.ts";
import { newReader, type Reader, type ReaderParts, tellEverything, tellNewContacts } from "./readers.ts";
import { subscribed } from "./subscriptions.ts";
import { createViews } from "./views.ts";

/** The endpoints that follow presence, and what each may see. The policy is asked in the background. */
export interface Subscribers {
  /** Replaces or extends a subscription, then tells everything in it. */
  subscribe(user: string, key: string, request: PresenceSubscribe): void;
  /** Everything that the endpoint has subscribed to. */
  resend(key: string): void;
  /** One user's present value, to everyone who follows. */
  tellAll(person: Person): void;
  forget(key: string): void;
  close(): void;
}

const contactsEveryMs = 60_000;

export function createSubscribers(
  { policy, config, clock, logger }: Services,
  people: ReadonlyMap<string, Person>,
  tell: Tell,
): Subscribers {
  const maxUsers = config.limits.subscribedUsers;
  const readers = new Map<string, Reader>();
  const followers = createFollowers();
  const views = createViews(policy, tell);
  const alarms = createAlarms(clock);
  const isPresent = (reader: Reader) => readers.get(reader.key) === reader;
  const parts: ReaderParts = { policy, people, followers, views, maxUsers, isPresent };
  const inBackground = (work: void | Promise<void>) => {
    work?.catch((reason: unknown) => logger.warn("presence could not be told", { reason: textOf(reason) }));
  };
  const arm = (key: string) => {
    alarms.set(key, clock.now() + contactsEveryMs, () => {
      const reader = readers.get(key);
      if (!reader?.subscription.contacts) return;
      inBackground(tellNewContacts(parts, reader));
      arm(key);
    });
  };
  const resend = (key: string) => {
    const reader = readers.get(key);
    if (!reader) return;
    inBackground(tellEverything(parts, reader));
    if (reader.subscription.contacts) arm(key);
  };
  return {
    subscribe(user, key, request) {
      const reader = readers.get(key);
      const subscription = subscribed(reader?.subscription, user, request, maxUsers);
      if (reader) reader.subscription = subscription;
      else readers.set(key, newReader(key, subscription));
      resend(key);
    },
    resend,
    tellAll(person) {
      const { user } = person;
      const item = itemOf(user, person);
      for (const key of followers.of(user)) {
        const reader = readers.get(key);
        const isOwn = reader?.subscription.viewer === user && !reader.subscription.users.has(user);
        if (!reader || isOwn) continue;
        if (reader.late) reader.late.set(user, item);
        else inBackground(views.change(key, reader.subscription.viewer, user, item));
      }
    },
    forget(key) {
      readers.delete(key);
      followers.forget(key);
      views.forget(key);
      alarms.clear(key);
    },
    close: alarms.close,
  };
}
