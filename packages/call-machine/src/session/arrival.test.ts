import { describe, expect, test } from "vitest";
import { sampleAnswer, sampleOffer } from "../docs/call-samples.ts";
import {
  ends,
  line,
  missed,
  other,
  own,
  refusedByGlare,
  starts,
  syncs,
  theirs,
  turnedAway,
} from "../docs/line-samples.ts";
import { ids, incomingCall, remotes } from "../docs/session-samples.ts";
import type { CallSnapshot } from "../types.ts";
import { onCrossed, onIncoming, onMissed } from "./arrival.ts";
import { type LineEntry, minRingRemainingMs } from "./context.ts";
import { onFinished } from "./line.ts";
import { onSynced } from "./synced.ts";

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
