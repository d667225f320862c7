import { describe, expect, test } from "vitest";
import {
  type EndpointEntry,
  evictable,
  findEndpoint,
  isAttached,
  newUser,
  type RingPolicy,
  ringableEndpoints,
  withCall,
  withEndpoint,
  withoutCall,
  withoutEndpoint,
} from "./user-entry.ts";

function endpoint(key: string, policy: RingPolicy, detachedAt?: number): EndpointEntry {
  return { key, displayName: "Ada", deviceLabel: "", policy, generation: 1, detachedAt, pageGone: false };
}

function user(...endpoints: EndpointEntry[]) {
  return endpoints.reduce(withEndpoint, newUser("ada"));
}

describe("ring-able endpoints", () => {
  const options = { now: 1000, graceMs: 100 };
  test.each([
    ["those that ring", user(endpoint("a", "ring"), endpoint("b", "ring")), ["a", "b"]],
    ["not those that only place calls", user(endpoint("a", "never")), []],
    ["a program, when nobody rings", user(endpoint("a", "auto-answer"), endpoint("b", "never")), ["a"]],
    ["no program beside a person", user(endpoint("a", "auto-answer"), endpoint("b", "ring")), ["b"]],
    ["one that lost its stream just now", user(endpoint("a", "ring", 901)), ["a"]],
    ["not one that lost it long ago", user(endpoint("a", "ring", 900)), []],
    [
      "a program, when the person left long ago",
      user(endpoint("a", "auto-answer"), endpoint("b", "ring", 0)),
      ["a"],
    ],
  ])("%s", (_name, entry, expected) => {
    expect(ringableEndpoints(entry, options).map(({ key }) => key)).toEqual(expected);
  });

  test("not the caller's own", () => {
    const both = user(endpoint("a", "ring"), endpoint("b", "ring"));
    expect(ringableEndpoints(both, { ...options, exceptKey: "a" }).map(({ key }) => key)).toEqual(["b"]);
  });

  test("programs alone, where they are asked for", () => {
    const both = user(endpoint("a", "ring"), endpoint("b", "auto-answer"));
    expect(ringableEndpoints(both, { ...options, programs: true })).toEqual([endpoint("b", "auto-answer")]);
  });

  test("none of an unknown user", () => {
    expect(ringableEndpoints(undefined, options)).toEqual([]);
  });
});

test("an endpoint with a stream is attached", () => {
  expect(isAttached(endpoint("a", "ring"), 1e9, 1)).toBe(true);
});

test("the endpoint that has been away longest makes room; none does while all are in use", () => {
  const [sooner, later, present] = [
    endpoint("a", "ring", 10),
    endpoint("b", "ring", 20),
    endpoint("c", "ring"),
  ];
  expect(evictable(user(sooner, later, present))).toEqual(sooner);
  expect(evictable(user(later, sooner, present))).toEqual(sooner);
  expect(evictable(user(endpoint("c", "ring")))).toBeUndefined();
});

test("an endpoint that attaches again replaces itself", () => {
  expect(user(endpoint("a", "ring"), endpoint("a", "never")).endpoints).toEqual([endpoint("a", "never")]);
});

test("an endpoint is found by its key, and gone once it is taken out", () => {
  const [first, second] = [endpoint("a", "ring"), endpoint("b", "never")];
  const both = user(first, second);
  expect(["a", "b", "c"].map((key) => findEndpoint(both, key))).toEqual([first, second, undefined]);
  expect(findEndpoint(undefined, "a")).toBeUndefined();
  expect(withoutEndpoint(both, "a")).toEqual(user(second));
});

test("a new user has no endpoint and no call; a call is noted once, and taken out", () => {
  expect(newUser("ada")).toEqual({ user: "ada", displayName: "ada", endpoints: [], calls: [] });
  const both = withCall(withCall(newUser("ada"), "x"), "y");
  expect(both).toEqual({ ...newUser("ada"), calls: ["x", "y"] });
  expect(withCall(both, "x")).toBe(both);
  expect(withoutCall(both, "x")).toEqual({ ...newUser("ada"), calls: ["y"] });
});
