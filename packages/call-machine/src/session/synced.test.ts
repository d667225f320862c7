import { describe, expect, test } from "vitest";
import { ends, line, missed, other, own, starts, syncs, theirs, turnedAway } from "../docs/line-samples.ts";
import { ids, incomingCall, remotes } from "../docs/session-samples.ts";
import { defaultTimers } from "../types.ts";
import { onSignalled } from "./signalled.ts";
import { onSynced } from "./synced.ts";

describe("a new epoch", () => {
  test("each known call learns what the server has of it, or that it has nothing", () => {
    const mine = incomingCall({ callId: ids.own, role: "caller" });
    const two = line({ calls: [{ ...own, standing: "known" }, other], capacity: 2 });
    expect(onSynced(two, [mine])).toEqual({
      calls: [{ ...own, standing: "known" }, other],
      effects: [syncs(ids.own, mine), syncs(ids.other, undefined)],
    });
    expect(onSynced(two, []).calls).toEqual([own, other]);
  });

  test("25: a call that still rings starts to ring", () => {
    expect(onSynced(line(), [incomingCall()])).toEqual({ calls: [theirs], effects: [starts()] });
  });

  test("one that was ended here is ended again, also when the server holds it as active", () => {
    const over = line({ tombstones: [{ callId: ids.theirs, by: "me" }] });
    for (const phase of ["ringing", "active"] as const) {
      expect(onSynced(over, [incomingCall({ phase })]).effects).toEqual([ends(ids.theirs, "hung-up")]);
    }
  });

  const left = [
    incomingCall({ callId: ids.own, role: "caller", mine: true }),
    incomingCall({ phase: "active", mine: true }),
    incomingCall({ callId: ids.other, phase: "ended" }),
  ];

  test("what a reloaded page left behind is ended where it is not wanted, what is over is not", () => {
    expect(onSynced(line({ restoresCalls: false }), left)).toEqual({
      calls: [],
      effects: [ends(ids.own, "hung-up"), ends(ids.theirs, "hung-up")],
    });
  });

  test("77: the call that a page was in before its reload is taken up, as far as there is room", () => {
    const ownMedia = { revision: 7, microphone: false, camera: true, onHold: false };
    const active = incomingCall({ phase: "active", mine: true, generation: 2, ownMedia, ticket: "0b" });
    const { callId, role, remote, kind } = theirs;
    expect(onSynced(line(), [active, incomingCall({ callId: ids.own, role: "caller", mine: true })])).toEqual(
      {
        calls: [{ ...theirs, standing: "answered" }],
        effects: [
          {
            type: "call.start",
            input: {
              ...{ callId, role, remote, kind, rev: 1, ringRemainingMs: 60_000, timers: defaultTimers },
              restored: { phase: "active", generation: 2, media: ownMedia, ticket: "0b" },
            },
          },
          ends(ids.own, "hung-up"),
        ],
      },
    );
  });

  test("a call that a page rang before its reload is taken up as one that the server knows", () => {
    const call = incomingCall({ callId: ids.own, role: "caller", kind: "audio", mine: true });
    const { calls, effects } = onSynced(line(), [call]);
    expect(calls).toEqual([{ ...own, standing: "known" }]);
    expect(effects).toMatchObject([{ type: "call.start", input: { callId: ids.own, role: "caller" } }]);
  });

  test("what the person ended is ended again by its ticket where the server has no trace of it, nothing else is", () => {
    const over = line({
      tombstones: [
        { callId: ids.own, by: "me", ticket: "0a" },
        { callId: ids.theirs, by: "me", ticket: "0b" },
        { callId: "0d".repeat(16), by: "them", ticket: "0c" },
        { callId: "0e".repeat(16), by: "me" },
      ],
    });
    const known = [incomingCall({ phase: "ended" }), incomingCall({ callId: ids.other, phase: "ended" })];
    expect(onSynced(over, known)).toEqual({
      calls: [],
      effects: [
        { type: "signal", callId: ids.own, command: { type: "end", reason: "hung-up", ticket: "0a" } },
      ],
    });
  });

  test("what was hung up here is ended again, and not taken up", () => {
    const tombstones = [{ callId: ids.theirs, by: "me" as const }];
    expect(onSynced(line({ tombstones }), [incomingCall({ phase: "active", mine: true })])).toEqual({
      calls: [],
      effects: [ends(ids.theirs, "hung-up")],
    });
  });

  test("a call that nothing is known of, and that the peer brought back, is ended", () => {
    const accepted = {
      type: "remote.accepted",
      rev: 3,
      mine: true,
      kind: "video",
      answer: undefined,
    } as const;
    expect(onSignalled(line(), ids.own, accepted)).toEqual({
      calls: [],
      effects: [ends(ids.own, "hung-up")],
    });
  });

  test("of two calls that ring, a line with room for one takes the first", () => {
    const second = incomingCall({ callId: ids.other, remote: remotes.eve });
    expect(onSynced(line(), [incomingCall(), second])).toEqual({
      calls: [theirs],
      effects: [starts(), ends(ids.other, "busy"), missed(other, "busy", "me")],
      tombstones: [turnedAway(ids.other)],
    });
  });
});
