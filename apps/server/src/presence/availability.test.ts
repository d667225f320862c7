import { create } from "@bufbuild/protobuf";
import type { CallRecord } from "@peerline/call-machine/record";
import { Availability, PresenceSubscribeSchema } from "@peerline/protocol";
import { expect, test } from "vitest";
import { availabilityOf, publishAt, talkers } from "./availability.ts";
import { createFollowers } from "./followers.ts";
import { changePerson, newPerson } from "./people.ts";
import { sameContacts, subscribed } from "./subscriptions.ts";

const here = { online: true, talking: 0, bot: false, wish: undefined };

test.each([
  ["nobody there", { ...here, online: false, talking: 1 }, Availability.OFFLINE],
  ["there", here, Availability.ONLINE],
  ["in a call", { ...here, talking: 1 }, Availability.BUSY],
  ["a program in a call", { ...here, talking: 3, bot: true }, Availability.ONLINE],
  ["do not disturb", { ...here, wish: Availability.BUSY }, Availability.BUSY],
  ["a program that wants no calls", { ...here, bot: true, wish: Availability.BUSY }, Availability.BUSY],
  ["hidden", { ...here, talking: 1, wish: Availability.OFFLINE }, Availability.OFFLINE],
])("%s", (_name, situation, expected) => {
  expect(availabilityOf(situation)).toBe(expected);
});

test("only an accepted call is talk, and who calls the own user talks once", () => {
  const caller = { key: "a", user: "ada", displayName: "Ada", party: "pa", deviceLabel: "" };
  const record: CallRecord = {
    callId: "c1",
    rev: 1,
    phase: "ringing",
    kind: "audio",
    caller,
    calleeUser: "bob",
    offered: [],
    alerting: [],
    accepted: undefined,
    createdAt: 0,
    ringDeadline: 60,
    acceptedAt: undefined,
    endedAt: undefined,
    reason: undefined,
    by: undefined,
  };
  expect(talkers(record)).toEqual([]);
  expect(talkers({ ...record, phase: "active" })).toEqual(["ada", "bob"]);
  expect(talkers({ ...record, phase: "active", calleeUser: "ada" })).toEqual(["ada"]);
  expect(talkers({ ...record, phase: "ended" })).toEqual([]);
});

test("a change is told at once, the next one a second after it", () => {
  expect([publishAt(undefined, 5, 1000), publishAt(0, 5, 1000), publishAt(0, 5000, 1000)]).toEqual([
    5, 1000, 5000,
  ]);
});

test("a version grows with each visible change only, also when the clock stands", () => {
  const person = newPerson("ada", "ada", 10);
  const changes = [
    changePerson(person, 10, (found) => Object.assign(found, { online: true })),
    changePerson(person, 10, () => {}),
    changePerson(person, 10, (found) => Object.assign(found, { displayName: "Ada" })),
  ];
  expect([changes, person.version]).toEqual([[true, false, true], 12]);
});

test("a subscription is extended or replaced, and never beyond its limit", () => {
  const ask = (users: string[], replace: boolean, contacts = false) =>
    create(PresenceSubscribeSchema, { users, replace, contacts });
  const first = subscribed(undefined, "me", ask(["a", "b"], false, true), 3);
  const more = subscribed(first, "me", ask(["c", "d"], false), 3);
  expect([[...more.users], more.contacts]).toEqual([["a", "b", "c"], true]);
  expect(subscribed(more, "me", ask(["z"], true), 3)).toEqual({
    viewer: "me",
    users: new Set(["z"]),
    contacts: false,
  });
});

test("a change finds those who follow, by name, as a contact or as everyone, and nobody who has gone", () => {
  const followers = createFollowers();
  followers.set("ada", new Set(["friend"]), ["named"]);
  followers.set("bob", "everyone", []);
  followers.set("carl", new Set(["friend"]), ["friend"]);
  followers.set("ada", new Set(["other"]), ["named"]);
  followers.forget("carl");
  const of = (user: string) => [...followers.of(user)].sort();
  expect([of("named"), of("friend"), of("other"), of("eve")]).toEqual([
    ["ada", "bob"],
    ["bob"],
    ["ada", "bob"],
    ["bob"],
  ]);
});

test.each([
  ["everyone", "everyone", "everyone", true],
  ["everyone and some", "everyone", new Set(["a"]), false],
  ["the same in another order", new Set(["a", "b"]), new Set(["b", "a"]), true],
  ["others of the same number", new Set(["a"]), new Set(["b"]), false],
] as const)("contacts are compared: %s", (_name, one, other, expected) => {
  expect(sameContacts(one, other)).toBe(expected);
});
