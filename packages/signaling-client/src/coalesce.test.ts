import { clone } from "@bufbuild/protobuf";
import type { CommandAction } from "@peerline/call-machine";
import { Availability, CandidatesSchema } from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import { findMerge } from "./coalesce.ts";
import { sampleActions as a } from "./testing/samples.ts";

function ended(action: CommandAction): CommandAction {
  if (action.case !== "candidates") return action;
  const value = clone(CandidatesSchema, action.value);
  value.endOfCandidates = true;
  return { case: "candidates", value };
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

  test.each([
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

test("life cycle commands and relays never merge", () => {
  expect(findMerge([a.invite("1")], a.invite("1"))).toBeUndefined();
  expect(findMerge([a.relay("1", "5")], a.relay("1", "6"))).toBeUndefined();
});
