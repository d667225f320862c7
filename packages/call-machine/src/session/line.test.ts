import { describe, expect, test } from "vitest";
import type { CallInput } from "../call/context.ts";
import { sampleAnswer, sampleCandidates, sampleOffer } from "../docs/call-samples.ts";
import { ids, incomingCall, remotes } from "../docs/session-samples.ts";
import { type CallSnapshot, defaultTimers } from "../types.ts";
import { onCrossed, onIncoming, onMissed } from "./arrival.ts";
import { initialSession, type LineEntry, minRingRemainingMs, type SessionContext } from "./context.ts";
import type { SessionEffect } from "./events.ts";
import { onFinished } from "./line.ts";
import { onSignalled } from "./signalled.ts";
import { onSynced } from "./synced.ts";

function line(changes: Partial<SessionContext> = {}): SessionContext {
  return { ...initialSession({ user: "ana" }), replaying: false, ...changes };
}

const own: LineEntry = { callId: ids.own, role: "caller", remote: remotes.ben, kind: "audio" };
const theirs: LineEntry = { callId: ids.theirs, role: "callee", remote: remotes.ben, kind: "video" };
const other: LineEntry = { callId: ids.other, role: "callee", remote: remotes.eve, kind: "video" };

function starts(changes: Partial<CallInput> = {}): SessionEffect {
  return {
    type: "call.start",
    input: {
      callId: ids.theirs,
      role: "callee",
      remote: remotes.ben,
      kind: "video",
      timers: defaultTimers,
      rev: 1,
      offer: sampleOffer,
      candidates: [sampleCandidates],
      ringRemainingMs: 60_000,
      replaying: false,
      ...changes,
    },
  };
}

const ends = (callId: string, reason: "hung-up" | "busy"): SessionEffect => ({
  type: "signal",
  callId,
  command: { type: "end", reason },
});
const turnedAway = (callId: string) => ({ callId, by: "me", busy: true }) as const;
const missed = (call: LineEntry, reason: "busy" | "no-answer", by: "me" | "server"): SessionEffect => ({
  type: "call.missed",
  call,
  reason,
  by,
});
const refusedByGlare: SessionEffect = {
  type: "call.deliver",
  callId: ids.own,
  event: { type: "server.refused", reason: "glare" },
};
const syncs = (callId: string, call: CallSnapshot | undefined): SessionEffect => ({
  type: "call.deliver",
  callId,
  event: { type: "server.synced", call },
});

describe("someone calls", () => {
  test("a free line rings", () => {
    expect(onIncoming(line(), incomingCall())).toEqual({ calls: [theirs], effects: [starts()] });
  });

  test("what the machine starts with: the newest offer, the caller's fingerprints, and whether to answer early", () => {
    const newest = { ...sampleOffer, offerNumber: 2 };
    const descriptions = [sampleOffer, newest, sampleAnswer];
    const call = incomingCall({ descriptions, fingerprints: ["AB:CD"] });
    expect(onIncoming(line({ earlyAnswer: true }), call).effects).toEqual([
      starts({ offer: newest, fingerprints: ["AB:CD"], earlyAnswer: true }),
    ]);
  });

  test("24: while a replay is applied, the call knows that its end may follow", () => {
    const { effects } = onIncoming(line({ replaying: true }), incomingCall());
    expect(effects).toEqual([starts({ replaying: true })]);
  });

  test("18: a full line is busy, and keeps its call", () => {
    const taken = line({ calls: [other] });
    expect(onIncoming(taken, incomingCall())).toEqual({
      calls: [other],
      effects: [ends(ids.theirs, "busy"), missed(theirs, "busy", "me")],
      tombstones: [turnedAway(ids.theirs)],
    });
  });

  test("90: who was turned away does not ring when a forgetful server brings the call back to a free line", () => {
    const { tombstones = [] } = onIncoming(line({ calls: [other] }), incomingCall());
    const free = line({ tombstones });
    const again = { calls: [], effects: [ends(ids.theirs, "busy")] };
    expect(onIncoming(free, incomingCall())).toEqual(again);
    expect(onSynced(free, [incomingCall()])).toEqual(again);
  });

  test("one who rings here already is busy with a second call, and nothing is missed", () => {
    const ringing = line({ calls: [theirs] });
    expect(onIncoming(ringing, incomingCall({ callId: ids.other }))).toEqual({
      calls: [theirs],
      effects: [ends(ids.other, "busy")],
      tombstones: [turnedAway(ids.other)],
    });
  });

  test("a line with room for two rings beside the call it has", () => {
    const { calls } = onIncoming(line({ calls: [other], capacity: 2 }), incomingCall());
    expect(calls).toEqual([other, theirs]);
  });

  test("with less than 3 s left it does not ring", () => {
    const late = incomingCall({ ringRemainingMs: minRingRemainingMs - 1 });
    expect(onIncoming(line(), late)).toEqual({ calls: [], effects: [], unrung: [theirs] });
    const justInTime = incomingCall({ ringRemainingMs: minRingRemainingMs });
    expect(onIncoming(line(), justInTime).calls).toEqual([theirs]);
  });

  test("6: an Incoming for a call that rings already starts no second ring", () => {
    const ringing = line({ calls: [theirs] });
    expect(onIncoming(ringing, incomingCall())).toEqual({
      calls: [theirs],
      effects: [syncs(ids.theirs, incomingCall())],
    });
  });

  test("invariant 10: a call that was ended here is ended again, one that was ended elsewhere is not", () => {
    const tombstones = (by: "me" | "them" | "server") => line({ tombstones: [{ callId: ids.theirs, by }] });
    expect(onIncoming(tombstones("me"), incomingCall()).effects).toEqual([ends(ids.theirs, "hung-up")]);
    expect(onIncoming(tombstones("them"), incomingCall()).effects).toEqual([]);
    expect(onIncoming(tombstones("server"), incomingCall()).effects).toEqual([]);
  });

  test("a bot accepts with what it does, or with less when the caller asks for less", () => {
    const bot = line({ autoAccept: "video" });
    expect(onIncoming(bot, incomingCall()).effects).toEqual([starts({ autoAccept: "video" })]);
    expect(onIncoming(bot, incomingCall({ kind: "audio" })).effects).toEqual([
      starts({ kind: "audio", autoAccept: "audio" }),
    ]);
    expect(onIncoming(line({ autoAccept: "data" }), incomingCall()).effects).toEqual([
      starts({ autoAccept: "data" }),
    ]);
  });
});

test("whom the server turned away for no reason that it gives, the person was unreachable to", () => {
  expect(onMissed(line(), incomingCall({ phase: "ended" })).effects).toEqual([
    { type: "call.missed", call: theirs, reason: "unreachable", by: "server" },
  ]);
});

describe("both call at once", () => {
  const dialing = line({ calls: [own] });

  test("1, 2: their Incoming is heard first, so their call is taken and the own one dropped", () => {
    const decided = onIncoming(dialing, incomingCall());
    // The own Invite may be on its way still: behind the end of their call it would ring.
    const end = { type: "signal", callId: ids.own, command: { type: "end", reason: "glare" } };
    expect(decided).toEqual({
      calls: [theirs],
      effects: [starts({ autoAccept: "audio" }), refusedByGlare, end],
    });
  });

  test("1: the own Invite's result names their call, with the same outcome", () => {
    const decided = onCrossed(dialing, ids.own, incomingCall());
    expect(decided).toEqual({ calls: [theirs], effects: [starts({ autoAccept: "audio" }), refusedByGlare] });
  });

  test("whichever is heard second changes nothing", () => {
    const taken = line({ calls: [theirs] });
    expect(onCrossed(taken, ids.own, incomingCall())).toEqual({ calls: [theirs], effects: [] });
    expect(onIncoming(taken, incomingCall()).calls).toEqual([theirs]);
  });

  test("3: it is accepted with the smaller of what both asked for", () => {
    const withVideo = line({ calls: [{ ...own, kind: "video" }] });
    const [first] = onIncoming(withVideo, incomingCall({ kind: "audio" })).effects;
    expect(first).toEqual(starts({ kind: "audio", autoAccept: "audio" }));
  });

  test("an own call that the server has is not crossed: theirs is over already, and the line is busy", () => {
    const known = line({ calls: [{ ...own, standing: "known" }] });
    expect(onIncoming(known, incomingCall())).toEqual({
      calls: [{ ...own, standing: "known" }],
      effects: [ends(ids.theirs, "busy")],
      tombstones: [turnedAway(ids.theirs)],
    });
  });

  test("a call that was answered is never given up for a new one, whoever calls and however it is heard", () => {
    const answered: LineEntry = { ...own, standing: "answered" };
    const talking = line({ calls: [answered], capacity: 2 });
    expect(onIncoming(talking, incomingCall())).toEqual({ calls: [answered, theirs], effects: [starts()] });
    expect(onCrossed(talking, ids.own, incomingCall())).toEqual({ calls: [answered], effects: [] });
    expect(onSynced(talking, [incomingCall()]).calls).toEqual([answered, theirs]);
  });

  test("someone else's call does not cross", () => {
    const eve = incomingCall({ callId: ids.other, remote: remotes.eve });
    const effects = [ends(ids.other, "busy"), missed(other, "busy", "me")];
    expect(onIncoming(dialing, eve)).toEqual({
      calls: [own],
      effects,
      tombstones: [turnedAway(ids.other)],
    });
  });

  test("a call that the person ended is not taken for the own one when a forgetful server brings it back", () => {
    const declined = line({ calls: [own], tombstones: [{ callId: ids.theirs, by: "me" }] });
    expect(onCrossed(declined, ids.own, incomingCall())).toEqual({
      calls: [own],
      effects: [ends(ids.theirs, "hung-up"), refusedByGlare],
    });
  });

  test("another call that the person ended does not stand in the way", () => {
    const ended = line({ calls: [own], tombstones: [{ callId: ids.other, by: "me" }] });
    expect(onCrossed(ended, ids.own, incomingCall()).calls).toEqual([theirs]);
  });

  test("with room for both, a crossed own call still ends when theirs rings already", () => {
    const both = line({ calls: [theirs, own], capacity: 2 });
    expect(onCrossed(both, ids.own, incomingCall())).toEqual({
      calls: [theirs, own],
      effects: [refusedByGlare],
    });
  });
});

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

describe("a call takes the place of the one that was talked in", () => {
  const talk = { kind: "video", microphone: true, camera: false } as const;
  const gaveWay = line({ tombstones: [{ callId: ids.own, by: "server", gaveWay: talk }] });
  const again = (changes: Partial<CallSnapshot> = {}) => incomingCall({ replaces: ids.own, ...changes });

  test("it goes on by itself, sending what was sent", () => {
    expect(onIncoming(gaveWay, again())).toEqual({
      calls: [theirs],
      effects: [starts({ autoAccept: "video", sends: talk })],
    });
  });

  test("it is accepted with the smaller of what both were for", () => {
    const [first] = onIncoming(gaveWay, again({ kind: "audio" })).effects;
    expect(first).toMatchObject({ input: { kind: "audio", autoAccept: "audio" } });
  });

  test("it rings where nothing is known of the old one, or another end was heard of it", () => {
    const rings = { calls: [theirs], effects: [starts()] };
    expect(onIncoming(line(), again())).toEqual(rings);
    const hungUp = line({ tombstones: [{ callId: ids.own, by: "me" }] });
    expect(onIncoming(hungUp, again())).toEqual(rings);
    expect(onIncoming(gaveWay, incomingCall())).toEqual(rings);
  });

  test("it rings, and the old one ends, where the end of that was not heard", () => {
    const talking = line({ calls: [{ ...own, standing: "answered" }] });
    expect(onSynced(talking, [again()])).toEqual({
      calls: [theirs],
      effects: [
        syncs(ids.own, undefined),
        starts(),
        {
          type: "call.deliver",
          callId: ids.own,
          event: { type: "server.refused", reason: "replaced" },
        },
      ],
    });
  });

  test("a line that is full by now is busy", () => {
    const full = { ...gaveWay, calls: [other] };
    expect(onIncoming(full, again()).effects).toEqual([
      ends(ids.theirs, "busy"),
      missed(theirs, "busy", "me"),
    ]);
  });

  test("what was sent is kept with the tombstone", () => {
    const output = {
      callId: ids.own,
      reason: "replaced",
      by: "server",
      liveSince: 1,
      interruptions: 0,
    } as const;
    expect(onFinished(line({ calls: [own] }), { ...output, gaveWay: talk }).tombstones).toEqual(
      gaveWay.tombstones,
    );
  });
});

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
