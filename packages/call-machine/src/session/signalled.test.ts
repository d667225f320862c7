import { describe, expect, test } from "vitest";
import { sampleCandidates } from "../docs/call-samples.ts";
import { ends, line, own } from "../docs/line-samples.ts";
import { ids, incomingCall } from "../docs/session-samples.ts";
import type { LineEntry } from "./context.ts";
import { onSignalled } from "./signalled.ts";

describe("a signal for a call", () => {
  test("goes to its machine, and notes how the call stands", () => {
    const invited = { type: "server.invited", ringRemainingMs: 60_000 } as const;
    expect(onSignalled(line({ calls: [own] }), ids.own, invited)).toEqual({
      calls: [{ ...own, standing: "known" }],
      effects: [{ type: "call.deliver", callId: ids.own, event: invited }],
    });
    const accepted = {
      type: "remote.accepted",
      rev: 3,
      mine: false,
      kind: "audio",
      answer: undefined,
    } as const;
    expect(onSignalled(line({ calls: [own] }), ids.own, accepted).calls).toEqual([
      { ...own, standing: "answered" },
    ]);
    const alerting = { type: "remote.alerting", rev: 2 } as const;
    expect(onSignalled(line({ calls: [own] }), ids.own, alerting).calls).toEqual([
      { ...own, standing: "known" },
    ]);
  });

  test("an Invite that is made again may find the call taken", () => {
    const taken = { type: "server.synced", call: incomingCall({ phase: "active", ticket: "0b" }) } as const;
    expect(onSignalled(line({ calls: [own] }), ids.own, taken).calls).toEqual([
      { ...own, standing: "answered" },
    ]);
    const over = (by: "me" | "them") => line({ tombstones: [{ callId: ids.own, by }] });
    expect(onSignalled(over("them"), ids.own, taken).effects).toEqual([ends(ids.own, "hung-up")]);
    expect(onSignalled(over("me"), ids.own, taken)).toEqual({
      calls: [],
      effects: [],
      tombstones: [{ callId: ids.own, by: "me", ticket: "0b" }],
    });
  });

  test("a result that comes after the accept does not make the call less answered", () => {
    const answered: LineEntry = { ...own, standing: "answered" };
    const invited = { type: "server.invited", ringRemainingMs: 0 } as const;
    expect(onSignalled(line({ calls: [answered] }), ids.own, invited).calls).toEqual([answered]);
  });

  test("for a call that nobody knows changes nothing", () => {
    expect(onSignalled(line(), ids.own, { type: "server.accepted" })).toEqual({ calls: [], effects: [] });
  });

  test("14: an Accept that wins after the call was ended here is compensated by an End", () => {
    const over = line({ tombstones: [{ callId: ids.theirs, by: "me" }] });
    const mine = { type: "remote.accepted", rev: 3, mine: true, kind: "video", answer: undefined } as const;
    for (const event of [{ type: "server.accepted" } as const, mine]) {
      expect(onSignalled(over, ids.theirs, event).effects).toEqual([ends(ids.theirs, "hung-up")]);
    }
  });

  test("an own call that was dropped for one that crossed it, and lives after all, is ended", () => {
    const dropped = line({ tombstones: [{ callId: ids.own, by: "server" }] });
    const accepted = {
      type: "remote.accepted",
      rev: 2,
      mine: false,
      kind: "audio",
      answer: undefined,
    } as const;
    for (const event of [{ type: "server.invited", ringRemainingMs: 1 } as const, accepted]) {
      expect(onSignalled(dropped, ids.own, event).effects).toEqual([ends(ids.own, "hung-up")]);
    }
    const cancelled = line({ tombstones: [{ callId: ids.own, by: "me" }] });
    expect(onSignalled(cancelled, ids.own, { type: "server.invited", ringRemainingMs: 1 }).effects).toEqual(
      [],
    );
  });

  test("39: candidates of a call that is over are dropped", () => {
    const event = { type: "remote.candidates", candidates: sampleCandidates } as const;
    for (const by of ["me", "them"] as const) {
      const over = line({ tombstones: [{ callId: ids.own, by }] });
      expect(onSignalled(over, ids.own, event)).toEqual({ calls: [], effects: [] });
    }
  });
});
