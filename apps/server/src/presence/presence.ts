import type { CallRecord } from "@peerline/call-machine/record";
import { Availability, type PresenceSubscribe, type PresenceUpdate_Item } from "@peerline/protocol";
import { createAlarms } from "../calls/alarms.ts";
import type { Services } from "../services.ts";
import type { EndpointEntry } from "../session/user-entry.ts";
import { publishAt, talkers } from "./availability.ts";
import { affected, changePerson, newPerson, type Person } from "./people.ts";
import { createSubscribers } from "./subscribers.ts";

/** Who is there, and who is told. Last value per user, no log, in this process. PROTOCOL 1.7. */
export interface Presence {
  /** The user exists, whether or not there is an endpoint. */
  known(user: string, displayName: string): void;
  attached(user: string, endpoint: EndpointEntry): void;
  /** The stream is gone; the user is shown offline after the presence grace, or at once. */
  detached(user: string, key: string, atOnce: boolean): void;
  /** `abandoned`: it keeps nobody busy. */
  callChanged(before: CallRecord | undefined, after: CallRecord, abandoned?: boolean): void;
  subscribe(user: string, key: string, request: PresenceSubscribe): void;
  wish(user: string, availability: Availability): void;
  /** A new stream of the endpoint: tells it everything it has subscribed to. */
  resend(key: string): void;
  forget(key: string): void;
  close(): void;
}

/** Gives items to an endpoint's stream, if it has one. */
export type Tell = (key: string, items: readonly PresenceUpdate_Item[], full: boolean) => void;

export function createPresence(services: Services, tell: Tell): Presence {
  const { clock, config } = services;
  const people = new Map<string, Person>();
  const alarms = createAlarms(clock);
  const subscribers = createSubscribers(services, people, tell);

  const person = (user: string): Person => {
    const found = people.get(user) ?? newPerson(user, user, clock.now());
    people.set(user, found);
    return found;
  };
  const publish = (found: Person) => {
    alarms.clear(`tell ${found.user}`);
    if (found.toldVersion === found.version) return;
    found.toldVersion = found.version;
    found.toldAt = clock.now();
    subscribers.tellAll(found);
    const gone = !found.online && found.live.size === 0 && found.talking.size === 0;
    // Development shows everyone there ever was; elsewhere memory follows those who are there.
    if (gone && !config.dev) people.delete(found.user);
  };
  const change = (user: string, edit: (person: Person) => void) => {
    const found = person(user);
    if (!changePerson(found, clock.now(), edit)) return;
    const at = publishAt(found.toldAt, clock.now(), config.timers.presenceConflateMs);
    if (at <= clock.now()) publish(found);
    else alarms.set(`tell ${user}`, at, () => publish(found));
  };
  const goOffline = (user: string) =>
    change(user, (found) => Object.assign(found, { online: false, wish: undefined }));

  return {
    known(user, displayName) {
      if (people.has(user)) return change(user, (found) => Object.assign(found, { displayName }));
      const found = newPerson(user, displayName, clock.now());
      people.set(user, found);
      // Who signs in usually attaches at once: told then, or a moment later as offline.
      alarms.set(`tell ${user}`, clock.now() + config.timers.presenceConflateMs, () => publish(found));
    },
    attached(user, { key, policy, displayName }) {
      alarms.clear(`offline ${user}`);
      change(user, (found) => {
        const bot = policy === "auto-answer" && (found.bot || found.live.size === 0);
        Object.assign(found, { bot, displayName, online: true });
        found.live.add(key);
      });
    },
    detached(user, key, atOnce) {
      const found = person(user);
      found.live.delete(key);
      if (found.live.size > 0) return;
      const at = clock.now() + config.timers.presenceGraceMs;
      if (atOnce) goOffline(user);
      else alarms.set(`offline ${user}`, at, () => goOffline(user));
    },
    callChanged(before, after, abandoned = false) {
      const talking = abandoned ? [] : talkers(after);
      for (const user of affected(before, after)) {
        change(user, (found) => {
          if (talking.includes(user)) found.talking.add(after.callId);
          else found.talking.delete(after.callId);
        });
      }
    },
    wish(user, availability) {
      const wish = availability === Availability.ONLINE ? undefined : availability;
      change(user, (found) => Object.assign(found, { wish }));
    },
    subscribe: subscribers.subscribe,
    resend: subscribers.resend,
    forget: subscribers.forget,
    close() {
      alarms.close();
      subscribers.close();
    },
  };
}
