import { create } from "@bufbuild/protobuf";
import type { CallRecord } from "@peerline/call-machine/record";
import { Availability, type PresenceUpdate_Item, PresenceUpdate_ItemSchema } from "@peerline/protocol";
import { availabilityOf, talkers } from "./availability.ts";

/** A user as presence knows it. Changed in place by the functions here only. */
export interface Person {
  readonly user: string;
  displayName: string;
  bot: boolean;
  /** Keys of the endpoints with a stream. */
  readonly live: Set<string>;
  /** Ids of the accepted calls. */
  readonly talking: Set<string>;
  online: boolean;
  wish: Availability | undefined;
  shown: Availability;
  /** Increases with each change, also over a restart: it is never below the clock. */
  version: number;
  /** When and which version was told last. */
  toldAt: number | undefined;
  toldVersion: number | undefined;
}

export function newPerson(user: string, displayName: string, now: number): Person {
  return {
    user,
    displayName,
    bot: false,
    live: new Set(),
    talking: new Set(),
    online: false,
    wish: undefined,
    shown: Availability.OFFLINE,
    version: now,
    toldAt: undefined,
    toldVersion: undefined,
  };
}

/** Changes a person; true when others would see a difference. */
export function changePerson(person: Person, now: number, change: (person: Person) => void): boolean {
  const { displayName, bot, shown } = person;
  change(person);
  person.shown = availabilityOf({ ...person, talking: person.talking.size });
  if (person.displayName === displayName && person.bot === bot && person.shown === shown) return false;
  person.version = Math.max(person.version + 1, now);
  return true;
}

/** A person as others see it; an unknown or hidden one looks offline. */
export function itemOf(user: string, person: Person | undefined): PresenceUpdate_Item {
  return create(PresenceUpdate_ItemSchema, {
    user,
    availability: person?.shown ?? Availability.OFFLINE,
    version: BigInt(person?.version ?? 0),
    displayName: person?.displayName ?? user,
    bot: person?.bot ?? false,
  });
}

/** The users whose accepted calls changed. */
export function affected(before: CallRecord | undefined, after: CallRecord): readonly string[] {
  return [...new Set([...(before ? talkers(before) : []), ...talkers(after)])];
}
