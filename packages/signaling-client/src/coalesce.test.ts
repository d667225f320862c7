import { clone } from "@bufbuild/protobuf";
import type { CommandAction } from "@peerline/call-machine";
import {
  Availability,
  type Candidates,
  CandidatesSchema,
  type PresenceSubscribe,
  PresenceSubscribeSchema,
} from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import { findMerge } from "./coalesce.ts";
import { sampleActions as a } from "./testing/samples.ts";

function candidatesWith(action: CommandAction, facts: Partial<Candidates>): CommandAction {
  if (action.case !== "candidates") return action;
  return { case: "candidates", value: Object.assign(clone(CandidatesSchema, action.value), facts) };
}

function ended(action: CommandAction): CommandAction {
  return candidatesWith(action, { endOfCandidates: true });
}

function sealed(action: CommandAction): CommandAction {
  return candidatesWith(action, { sealed: new Uint8Array([1]) });
}

function subscribing(users: readonly string[], facts: Partial<PresenceSubscribe> = {}): CommandAction {
  const action = a.presenceSubscribe(users);
  if (action.case !== "presenceSubscribe") return action;
  return { ...action, value: Object.assign(clone(PresenceSubscribeSchema, action.value), facts) };
}

/** That many users, from `first` on. */
function users(count: number, first = 0): readonly string[] {
  return Array.from({ length: count }, (_, index) => `user${first + index}`);
}

describe("candidates", () => {
  test("join the contiguous ones before them", () => {
    expect(findMerge([a.candidates("1", 0, 2)], a.candidates("1", 2, 3))).toEqual({
      index: 0,
      action: a.candidates("1", 0, 5),
    });
  });

  test("bring their end mark along", () => {
    expect(findMerge([a.candidates("1", 0, 2)], ended(a.candidates("1", 2, 1)))).toEqual({
      index: 0,
      action: ended(a.candidates("1", 0, 3)),
    });
  });

  test("pass commands of other calls and presence", () => {
    const queue = [a.candidates("1", 0), a.end("2"), a.presenceSet()];
    expect(findMerge(queue, a.candidates("1", 1))).toEqual({ index: 0, action: a.candidates("1", 0, 2) });
  });

  test("join up to 64", () => {
    expect(findMerge([a.candidates("1", 0, 60)], a.candidates("1", 60, 4))).toEqual({
      index: 0,
      action: a.candidates("1", 0, 64),
    });
  });

  test.each([
    [
      "are of another connection",
      [a.candidates("1", 0)],
      candidatesWith(a.candidates("1", 1), { pcGeneration: 1 }),
    ],
    ["are sealed and the earlier ones not", [a.candidates("1", 0)], sealed(a.candidates("1", 1))],
    ["are not sealed and the earlier ones are", [sealed(a.candidates("1", 0))], a.candidates("1", 1)],
    ["are sealed like the earlier ones", [sealed(a.candidates("1", 0))], sealed(a.candidates("1", 1))],
    ["are not contiguous", [a.candidates("1", 0)], a.candidates("1", 2)],
    ["are of another fragment", [a.candidates("1", 0)], a.candidates("1", 1, 1, "v")],
    ["are of another call", [a.candidates("1", 0)], a.candidates("2", 1)],
    ["would be more than 64", [a.candidates("1", 0, 60)], a.candidates("1", 60, 5)],
    ["follow the end mark", [ended(a.candidates("1", 0))], a.candidates("1", 1)],
    [
      "would overtake a description of the call",
      [a.candidates("1", 0), a.description("1")],
      a.candidates("1", 1),
    ],
    ["would overtake a reattach", [a.candidates("1", 0), a.reattach()], a.candidates("1", 1)],
  ])("stay apart when they %s", (_name, queue, next) => {
    expect(findMerge(queue, next)).toBeUndefined();
  });
});

describe("media state", () => {
  test("replaces the one before it", () => {
    expect(findMerge([a.mediaState("1", 1), a.end("2")], a.mediaState("1", 2))).toEqual({
      index: 0,
      action: a.mediaState("1", 2),
    });
  });

  test.each([
    ["a state of another call", a.mediaState("2", 2)],
    ["another command of its call", a.end("1")],
  ])("is not replaced by %s", (_name, next) => {
    expect(findMerge([a.mediaState("1", 1)], next)).toBeUndefined();
  });

  test("does not overtake another command of its call", () => {
    expect(findMerge([a.mediaState("1", 1), a.candidates("1", 0)], a.mediaState("1", 2))).toBeUndefined();
  });
});

describe("presence", () => {
  test("the last availability wins, whatever is between", () => {
    const queue = [a.presenceSet(Availability.ONLINE), a.invite("1")];
    const busy = a.presenceSet(Availability.BUSY);
    expect(findMerge(queue, busy)).toEqual({ index: 0, action: busy });
  });

  test("a replacing subscription takes the place of the earlier one", () => {
    const next = a.presenceSubscribe(["cy"], true);
    expect(findMerge([a.presenceSubscribe(["ann"])], next)).toEqual({ index: 0, action: next });
  });

  test("an additional subscription joins the earlier one", () => {
    expect(findMerge([a.presenceSubscribe(["ann"], true)], a.presenceSubscribe(["bea", "ann"]))).toEqual({
      index: 0,
      action: a.presenceSubscribe(["ann", "bea"], true),
    });
  });
});

describe("a subscription", () => {
  test("of the contacts makes the one it joins include them", () => {
    expect(findMerge([subscribing(["ann"])], subscribing(["bea"], { contacts: true }))).toEqual({
      index: 0,
      action: subscribing(["ann", "bea"], { contacts: true }),
    });
  });

  test("joins up to 256 users", () => {
    expect(findMerge([subscribing(users(200))], subscribing(users(56, 200)))).toEqual({
      index: 0,
      action: subscribing(users(256)),
    });
  });

  test.each([
    ["would be more than 256 users", [subscribing(users(256))], subscribing(["ann"])],
    [
      "would overtake one that it cannot join",
      [subscribing(["bea"]), subscribing(users(256))],
      subscribing(["ann"]),
    ],
    ["follows an availability", [a.presenceSet()], subscribing(["ann"])],
  ])("stays apart when it %s", (_name, queue, next) => {
    expect(findMerge(queue, next)).toBeUndefined();
  });
});

test("an availability stays apart from a subscription, and passes what names no call", () => {
  const busy = a.presenceSet(Availability.BUSY);
  expect(findMerge([subscribing(["ann"])], busy)).toBeUndefined();
  expect(findMerge([a.presenceSet(), a.reattach()], busy)).toEqual({ index: 0, action: busy });
});

test("life cycle commands and relays never merge", () => {
  expect(findMerge([a.invite("1")], a.invite("1"))).toBeUndefined();
  expect(findMerge([a.relay("1", "5")], a.relay("1", "6"))).toBeUndefined();
});
