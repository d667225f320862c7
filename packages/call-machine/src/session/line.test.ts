import { describe, expect, test } from "vitest";
import { ends, line, other, own } from "../docs/line-samples.ts";
import { ids } from "../docs/session-samples.ts";
import { onFinished } from "./line.ts";
import { onSignalled } from "./signalled.ts";

describe("a call has ended", () => {
  const output = {
    callId: ids.own,
    reason: "hung-up",
    by: "me",
    liveSince: undefined,
    interruptions: 0,
  } as const;

  test("its ticket is kept with the tombstone", () => {
    const { tombstones } = onFinished(line({ calls: [own] }), { ...output, ticket: "0b" });
    expect(tombstones).toEqual([{ callId: ids.own, by: "me", ticket: "0b" }]);
  });

  test("it leaves the line and a tombstone", () => {
    expect(onFinished(line({ calls: [own, other] }), output)).toEqual({
      calls: [other],
      tombstones: [{ callId: ids.own, by: "me" }],
    });
  });

  test("one that the server only forgot leaves none: if its caller brings it back, it rings", () => {
    expect(onFinished(line({ calls: [own] }), { ...output, mayRingAgain: true })).toEqual({
      calls: [],
      tombstones: [],
    });
  });

  test("a ticket that comes after the cancel is kept, for a server that forgets the End", () => {
    const other = { callId: ids.other, by: "me" } as const;
    const tombstones = [other, { callId: ids.own, by: "me" as const }];
    const invited = { type: "server.invited", ringRemainingMs: 60_000, ticket: "0b" } as const;
    expect(onSignalled(line({ tombstones }), ids.own, invited)).toEqual({
      calls: [],
      effects: [],
      tombstones: [other, { callId: ids.own, by: "me", ticket: "0b" }],
    });
  });

  test("no other event brings a ticket to a tombstone, and none is made for it", () => {
    const tombstones = [{ callId: ids.own, by: "me" as const }];
    const untold = { type: "server.invited", ringRemainingMs: 60_000 } as const;
    const accepted = { type: "server.accepted", ticket: "0b" } as const;
    expect(onSignalled(line({ tombstones }), ids.own, untold)).toEqual({ calls: [], effects: [] });
    expect(onSignalled(line({ tombstones }), ids.own, accepted)).toEqual({
      calls: [],
      effects: [ends(ids.own, "hung-up")],
    });
    const unknown = onSignalled(line({ tombstones }), ids.theirs, { ...untold, ticket: "0b" });
    expect(unknown).toEqual({ calls: [], effects: [] });
  });

  test("invariant 18: the sixteen newest tombstones are kept", () => {
    const tombstones = Array.from({ length: 16 }, (_, i) => ({ callId: `${i}`, by: "them" as const }));
    const { tombstones: kept } = onFinished(line({ tombstones }), output);
    expect(kept).toEqual([{ callId: ids.own, by: "me" }, ...tombstones.slice(0, 15)]);
  });
});
