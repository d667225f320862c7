import { describe, expect, test } from "vitest";
import { active, ana, ben1, ben2, endpoint, over, ringing } from "../docs/record-samples.ts";
import { type CallRecord, type Recall, type RecallRequest, recall } from "./index.ts";

const request: RecallRequest = {
  key: ana.key,
  user: "ana",
  calleeUser: "ben",
  named: false,
  program: false,
  unreachable: [],
  restarted: false,
};
const fromBen: Partial<RecallRequest> = { key: ben1.key, user: "ben", calleeUser: "ana" };

describe("a call to someone whom one talks with", () => {
  test.each<[string, Partial<RecallRequest>, Recall | undefined]>([
    ["from the endpoint that talks", {}, "replaced"],
    ["from the callee's endpoint that talks", fromBen, "replaced"],
    ["from another endpoint", { key: "ana/2" }, undefined],
    [
      "from another one while the old one is unreachable",
      { key: "ana/2", unreachable: [ana.key] },
      "replaced",
    ],
    ["from another one while the peer is unreachable", { key: "ana/2", unreachable: [ben1.key] }, undefined],
    ["from another one that names the call", { key: "ana/2", named: true }, "replaced"],
    ["from another one that was reloaded", { key: "ana/2", restarted: true }, undefined],
    ["from a program", { program: true }, undefined],
    ["from a program that was started anew", { program: true, restarted: true }, undefined],
    ["from a program that names the call", { program: true, named: true }, "replaced"],
    ["to someone else", { calleeUser: "cleo", named: true }, undefined],
    ["from someone else", { key: "eve/1", user: "eve", named: true }, undefined],
  ])("%s", (_, changes, expected) => {
    expect(recall(active, { ...request, ...changes })).toBe(expected);
  });
});

test("a call to the own account is replaced from either of its two endpoints, though only one of them calls", () => {
  const ana2 = endpoint("ana/2");
  const own = { ...active, calleeUser: "ana", offered: [ana2], accepted: ana2 };
  for (const { key } of [ana, ana2]) {
    expect(recall(own, { ...request, key, calleeUser: "ana" })).toBe("replaced");
  }
});

describe("a call by a reloaded page that does not know of its call of the life before", () => {
  const restarted = { restarted: true };

  test.each<[string, CallRecord, Partial<RecallRequest>, Recall | undefined]>([
    ["takes the place of the one that it rings", ringing, {}, "replaced"],
    ["takes the place of the one that it talks in", active, {}, "replaced"],
    ["takes the place of the one that it accepted", active, fromBen, "replaced"],
    ["leaves the one that it rings someone else by", ringing, { calleeUser: "cleo" }, "left"],
    ["leaves the one that it talks in with someone else", active, { calleeUser: "cleo" }, "left"],
    ["leaves the one that it accepted of someone else", active, { ...fromBen, calleeUser: "cleo" }, "left"],
    ["lets the call ring that it is offered", ringing, fromBen, undefined],
    [
      "has nothing to do with a call that another device won",
      active,
      { ...fromBen, key: ben2.key },
      undefined,
    ],
    ["has nothing to do with a call that is over", over, {}, undefined],
    ["leaves a program's calls alone", ringing, { program: true, calleeUser: "cleo" }, undefined],
  ])("%s", (_, record, changes, expected) => {
    expect(recall(record, { ...request, ...restarted, ...changes })).toBe(expected);
  });
});

test("a call that only rings, or is over, stays as it is for a page that was there all the time", () => {
  for (const record of [ringing, over]) {
    expect(recall(record, { ...request, named: true })).toBeUndefined();
    expect(recall(record, { ...request, calleeUser: "cleo" })).toBeUndefined();
  }
});
