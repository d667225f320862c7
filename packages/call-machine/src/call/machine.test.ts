import { describe, expect, test } from "vitest";
import { callInputs, sampleAnswer, sampleCall, sampleCandidates, sampleOffer } from "../docs/call-samples.ts";
import { startCall, stepCall } from "../docs/call-table.ts";
import type { CallInput } from "./context.ts";
import type { CallCommand, CallEffect } from "./effects.ts";
import { type CallEvent, callTimerIds } from "./events.ts";

const caller = inputOf("caller");
const callee = inputOf("callee");
const replayed = inputOf("callee in a replay");
const bot = inputOf("callee that accepts by itself");

function inputOf(name: string): CallInput {
  const input = callInputs[name];
  if (!input) throw new Error(`no sample input "${name}"`);
  return input;
}

/** The call after these events, with the effects of the last step. */
function after(input: CallInput, ...events: readonly CallEvent[]) {
  let [snapshot, effects] = startCall(input);
  for (const event of events) [snapshot, effects] = stepCall(snapshot, event);
  return { snapshot, effects, at: JSON.stringify(snapshot.value).replaceAll(/[{}"]/g, "") };
}

const signal = (command: CallCommand): CallEffect => ({ type: "signal", command });
const start = (id: (typeof callTimerIds)[number], afterMs: number): CallEffect => ({
  type: "timer.start",
  id,
  afterMs,
});
const stop = (...ids: readonly (typeof callTimerIds)[number][]): readonly CallEffect[] =>
  ids.map((id) => ({ type: "timer.stop", id }));
const closeAll: readonly CallEffect[] = [
  { type: "peer.close" },
  { type: "media.close" },
  ...stop(...callTimerIds),
];
const bye: CallEffect = { type: "peer.say", signal: { type: "bye", reason: "hung-up" } };
const media = (revision: number, camera = true): readonly CallEffect[] => {
  const state = { revision, microphone: true, camera, onHold: false };
  return [signal({ type: "mediaState", state }), { type: "peer.say", signal: { type: "mediaState", state } }];
};

const described: CallEvent = { type: "peer.described", description: sampleOffer };
const answered: CallEvent = { type: "peer.described", description: sampleAnswer };
const gathered: CallEvent = { type: "peer.candidates", candidates: sampleCandidates };
const mediaOn: CallEvent = { type: "media.changed", media: { microphone: "on", camera: "on" } };
const invited: CallEvent = { type: "server.invited", ringRemainingMs: 60_000 };
const alerting: CallEvent = { type: "remote.alerting", rev: 2 };
const accepted = {
  type: "remote.accepted",
  rev: 3,
  mine: false,
  kind: "audio",
  answer: sampleAnswer,
} as const;
const mine = { ...accepted, mine: true, kind: "video", answer: undefined } as const;
const connected: CallEvent = { type: "peer.connected", at: 5_000 };
const interrupted: CallEvent = { type: "peer.interrupted" };
const hangUp: CallEvent = { type: "user.hangUp" };
const ended = { type: "remote.ended", rev: 9, reason: "hung-up", by: "them" } as const;
const absent: CallEvent = { type: "server.synced", call: undefined };

const inviting = [described, mediaOn];
const ringing = [...inviting, invited, alerting];
const live = [...ringing, accepted, connected];
const accept: CallEvent = { type: "user.accept", kind: "video" };
const confirming = [accept, answered, mediaOn];
const calleeLive = [...confirming, { type: "server.accepted" }, connected] as const;

function synced(
  input: CallInput,
  events: readonly CallEvent[],
  changes: Parameters<typeof sampleCall>[1],
): CallEvent {
  return { type: "server.synced", call: sampleCall(after(input, ...events).snapshot, changes) };
}

describe("calling", () => {
  test("a dial opens devices and a peer connection that makes the offer", () => {
    expect(after(caller).effects).toEqual([
      { type: "media.open", microphone: true, camera: true },
      { type: "peer.open", polite: false, offer: true, generation: 1 },
    ]);
  });

  test("a data call opens neither microphone nor camera", () => {
    expect(after({ ...caller, kind: "data" }).effects[0]).toEqual({
      type: "media.open",
      microphone: false,
      camera: false,
    });
  });

  test("the Invite leaves when the offer is made and the devices are settled, with what was gathered", () => {
    expect(after(caller, described).effects).toEqual([]);
    expect(after(caller, described, gathered, mediaOn).effects).toEqual([
      signal({ type: "invite", callee: "ben", kind: "video", offer: sampleOffer }),
      signal({ type: "candidates", candidates: sampleCandidates }),
      start("result", 32_000),
    ]);
  });

  test("devices that are refused leave the call going", () => {
    const denied: CallEvent = { type: "media.changed", media: { microphone: "denied", camera: "missing" } };
    expect(after(caller, described, denied).at).toBe("outgoing:inviting");
  });

  test("hanging up before the Invite was sent tells nobody", () => {
    const { snapshot, effects } = after(caller, described, hangUp);
    expect(effects).toEqual([...stop("result", "ring"), ...closeAll]);
    expect(snapshot.output).toEqual({
      callId: caller.callId,
      reason: "cancelled",
      by: "me",
      liveSince: undefined,
      interruptions: 0,
    });
  });

  test("hanging up while it rings cancels", () => {
    expect(after(caller, ...ringing, hangUp).effects).toEqual([
      ...stop("result", "ring"),
      signal({ type: "end", reason: "cancelled" }),
      ...closeAll,
    ]);
  });

  test("candidates that come later travel as they come", () => {
    expect(after(caller, ...inviting, gathered).effects).toEqual([
      signal({ type: "candidates", candidates: sampleCandidates }),
    ]);
  });

  test("the server's word starts the ring timer: what is left of the ring and a guard", () => {
    expect(after(caller, ...inviting, invited).effects).toEqual([...stop("result"), start("ring", 65_000)]);
  });

  test("an alerting callee before the Invite's result rings, under the result's timer", () => {
    const early = after(caller, ...inviting, alerting);
    expect([early.at, early.effects]).toEqual([
      "outgoing:ringing",
      [...stop("result"), start("result", 32_000)],
    ]);
    expect(after(caller, ...inviting, alerting, invited).effects).toEqual([
      ...stop("result"),
      start("ring", 65_000),
    ]);
    expect(after(caller, ...inviting, alerting, { type: "timer.result" }).snapshot.output?.reason).toBe(
      "no-answer",
    );
  });

  test("an accept before the Invite's result connects", () => {
    expect(after(caller, ...inviting, accepted).effects).toEqual([
      ...stop("result"),
      ...stop("result", "ring"),
      { type: "peer.apply", description: sampleAnswer },
      start("connectHalf", 12_000),
      start("connect", 30_000),
    ]);
  });

  test("no result for 32 s is unreachable, and the End stays queued", () => {
    const { snapshot, effects } = after(caller, ...inviting, { type: "timer.result" });
    expect(effects).toContainEqual(signal({ type: "end", reason: "unreachable" }));
    expect(snapshot.output?.reason).toBe("unreachable");
  });

  test("1: a refused Invite ends with the server's reason", () => {
    const { snapshot } = after(caller, ...inviting, { type: "server.refused", reason: "glare" });
    expect(snapshot.output).toEqual({
      callId: caller.callId,
      reason: "glare",
      by: "server",
      liveSince: undefined,
      interruptions: 0,
    });
  });

  test("2: a glare before the Invite was sent ends it without a word", () => {
    const { effects } = after(caller, described, { type: "server.refused", reason: "glare" });
    expect(effects).toEqual([...stop("result", "ring"), ...closeAll]);
  });
});

describe("being called", () => {
  test("it alerts at once, and tells the server", () => {
    expect(after(callee).effects).toEqual([signal({ type: "alerting" }), start("ring", 65_000)]);
  });

  test("24: in a replay it alerts only when everything was applied", () => {
    expect(after(replayed).effects).toEqual([start("ring", 65_000)]);
    expect(after(replayed, { type: "server.caughtUp" }).effects).toEqual([
      signal({ type: "alerting" }),
      start("ring", 65_000),
    ]);
    expect(after(replayed, ended).effects).toEqual([...stop("result", "ring", "window"), ...closeAll]);
  });

  test("36: candidates before the accept are held, and added behind the offer in order", () => {
    const more = { ...sampleCandidates, firstIndex: 1 };
    expect(after(callee, { type: "remote.candidates", candidates: more }, accept).effects).toEqual([
      ...stop("ring", "window"),
      { type: "media.open", microphone: true, camera: true },
      { type: "peer.open", polite: true, offer: false, generation: 1 },
      { type: "peer.apply", description: sampleOffer },
      { type: "peer.addCandidates", candidates: sampleCandidates },
      { type: "peer.addCandidates", candidates: more },
    ]);
  });

  test("the Accept leaves when the answer is made and the devices are settled", () => {
    expect(after(callee, accept, answered, gathered, mediaOn).effects).toEqual([
      signal({ type: "accept", kind: "video", answer: sampleAnswer }),
      signal({ type: "candidates", candidates: sampleCandidates }),
      start("result", 32_000),
    ]);
  });

  test("accepting with audio opens no camera", () => {
    const { effects } = after(callee, { type: "user.accept", kind: "audio" });
    expect(effects).toContainEqual({ type: "media.open", microphone: true, camera: false });
  });

  test("a bot accepts by itself, and says that it was reached", () => {
    expect(after(bot).effects.slice(0, 2)).toEqual([
      signal({ type: "alerting" }),
      { type: "media.open", microphone: true, camera: false },
    ]);
  });

  test("a connection that came and went before the server's word is connecting again, with its timers", () => {
    const { snapshot } = after(
      bot,
      answered,
      mediaOn,
      { type: "peer.connected", at: 5 },
      { type: "peer.failed" },
      { type: "server.accepted" },
    );
    expect([snapshot.value, snapshot.context.liveSince]).toEqual([{ established: "connecting" }, undefined]);
  });

  test("a decline tells the server and opens nothing", () => {
    expect(after(callee, { type: "user.decline" }).effects).toEqual([
      ...stop("ring", "window"),
      ...stop("result", "ring", "window"),
      signal({ type: "end", reason: "declined" }),
      ...closeAll,
    ]);
  });

  test("silencing is nobody else's business", () => {
    const { snapshot, effects } = after(callee, { type: "user.silence" });
    expect([effects, snapshot.context.silenced]).toEqual([[], true]);
  });

  test("9: a cancel that beats the Accept ends it, whichever way it is heard first", () => {
    const event = { type: "remote.ended", rev: 2, reason: "cancelled", by: "them" } as const;
    expect(after(callee, ...confirming, event).snapshot.output?.reason).toBe("cancelled");
    const result = { type: "server.refused", reason: "cancelled" } as const;
    expect(after(callee, ...confirming, result).snapshot.output?.reason).toBe("cancelled");
  });

  test("11: the device that lost is told that another one answered", () => {
    const event = { type: "remote.ended", rev: 3, reason: "answered-elsewhere", by: "server" } as const;
    expect(after(callee, ...confirming, event).effects.slice(-closeAll.length)).toEqual(closeAll);
  });

  test("14: hanging up before the result sends the End behind the Accept", () => {
    expect(after(callee, ...confirming, hangUp).effects).toEqual([
      ...stop("result", "ring", "window"),
      bye,
      signal({ type: "end", reason: "hung-up" }),
      ...closeAll,
    ]);
  });

  test("29: a cancel while the devices open slowly closes them", () => {
    expect(after(callee, accept, ended).effects).toContainEqual({ type: "media.close" });
  });

  test("an offer that comes before the Accept's result is answered behind the Accept", () => {
    const second = { ...sampleOffer, offerNumber: 2 };
    const offered: CallEvent = { type: "remote.described", description: second };
    expect(after(callee, ...confirming, offered).effects).toEqual([
      { type: "peer.apply", description: second },
    ]);
    const reply = { ...sampleAnswer, offerNumber: 2 };
    expect(
      after(callee, ...confirming, offered, { type: "peer.described", description: reply }).effects,
    ).toEqual([signal({ type: "describe", description: reply })]);
  });

  test("media before the Accept's result makes the call live as soon as that is here", () => {
    const { at, effects, snapshot } = after(callee, ...confirming, connected, mine);
    expect(at).toBe("established:live:steady");
    expect(effects).toEqual([
      ...stop("result", "ring", "window"),
      start("connectHalf", 12_000),
      start("connect", 30_000),
      ...stop("connectHalf", "connect"),
      ...media(1),
    ]);
    expect(snapshot.context.liveSince).toBe(5_000);
  });

  test("the result and the event of the own Accept are one accept, in either order", () => {
    const result: CallEvent = { type: "server.accepted" };
    expect(after(callee, ...confirming, mine, result).effects).toEqual([]);
    expect(after(callee, ...confirming, result, mine).effects).toEqual([]);
  });
});

describe("talking", () => {
  test("media announces itself on both paths", () => {
    expect(after(caller, ...live).effects).toEqual([...stop("connectHalf", "connect"), ...media(1)]);
  });

  test("a changed source is announced with the next revision, an unchanged one is not", () => {
    const cameraOff: CallEvent = { type: "media.changed", media: { microphone: "on", camera: "off" } };
    expect(after(caller, ...live, cameraOff).effects).toEqual(media(2, false));
    expect(after(caller, ...live, mediaOn).effects).toEqual([]);
  });

  test("51: the peer's higher revision wins, by whichever path it comes", () => {
    const state = (revision: number, camera: boolean) => ({
      revision,
      microphone: true,
      camera,
      onHold: false,
    });
    const { snapshot } = after(
      caller,
      ...live,
      { type: "peer.mediaState", state: state(2, true) },
      { type: "remote.mediaState", state: state(1, false) },
      { type: "remote.mediaState", state: state(2, false) },
    );
    expect(snapshot.context.remoteMedia).toEqual(state(2, true));
  });

  test("no media after 12 s: one ICE restart; after 30 s the call has failed", () => {
    expect(after(caller, ...ringing, accepted, { type: "timer.connectHalf" }).effects).toEqual([
      { type: "peer.restartIce" },
    ]);
    const { snapshot, effects } = after(caller, ...ringing, accepted, { type: "timer.connect" });
    expect(effects.slice(2, 4)).toEqual([
      { type: "peer.say", signal: { type: "bye", reason: "connect-failed" } },
      signal({ type: "end", reason: "connect-failed" }),
    ]);
    expect(snapshot.output?.by).toBe("me");
  });

  test("a flicker shorter than 2 s is no interruption", () => {
    const { at, snapshot } = after(caller, ...live, interrupted, connected);
    expect([at, snapshot.context.interruptions]).toEqual(["established:live:steady", 0]);
  });

  test("longer ones restart ICE, after 10 s without media make a new connection, and announce the media state when it is back", () => {
    const reconnecting = [...live, interrupted, { type: "timer.interrupted" }] as const;
    expect(after(caller, ...reconnecting).effects).toEqual([
      ...stop("interrupted"),
      { type: "peer.restartIce" },
      start("restart", 10_000),
      start("recover", 30_000),
    ]);
    const rebuilding = after(caller, ...reconnecting, { type: "timer.restart" });
    expect(rebuilding.effects).toMatchObject([
      { type: "peer.open", generation: 2 },
      start("restart", 10_000),
    ]);
    const back = after(caller, ...reconnecting, { type: "peer.connected", at: 9_000 });
    expect(back.effects).toEqual([...stop("restart", "recover"), ...media(2)]);
    expect([back.snapshot.context.liveSince, back.snapshot.context.interruptions]).toEqual([5_000, 1]);
  });

  test("60: a peer whose signaling is gone too is given up after 30 s, one that is reachable after 60 s", () => {
    const lost = [...live, { type: "peer.failed" }] as const;
    const gone: CallEvent = { type: "remote.reachability", reachable: false };
    expect(after(caller, ...lost, gone, { type: "timer.recover" }).snapshot.output?.reason).toBe(
      "media-lost",
    );
    expect(after(caller, ...lost, { type: "timer.recover" }).effects).toEqual([start("recover", 30_000)]);
    const second = after(caller, ...lost, { type: "timer.recover" }, { type: "timer.recover" });
    expect(second.snapshot.output?.reason).toBe("media-lost");
  });

  test("a recovery that succeeded gives the next one its whole budget again", () => {
    const again = [
      { type: "peer.failed" },
      { type: "timer.recover" },
      connected,
      { type: "peer.failed" },
    ] as const;
    expect(after(caller, ...live, ...again, { type: "timer.recover" }).effects).toEqual([
      start("recover", 30_000),
    ]);
  });

  test("58: hanging up is said on both paths", () => {
    expect(after(caller, ...live, hangUp).effects).toEqual([
      bye,
      signal({ type: "end", reason: "hung-up" }),
      ...closeAll,
    ]);
  });

  test("98: a bye that overtakes the server's word to the accept ends it too", () => {
    const { snapshot, effects } = after(callee, ...confirming, { type: "peer.bye", reason: "hung-up" });
    expect(effects).toEqual([
      ...stop("result", "ring", "window"),
      signal({ type: "end", reason: "hung-up" }),
      ...closeAll,
    ]);
    expect([snapshot.output?.reason, snapshot.output?.by]).toEqual(["hung-up", "them"]);
  });

  test("98: the peer's bye ends it and is passed on; what comes later changes nothing", () => {
    const { snapshot, effects } = after(caller, ...live, { type: "peer.bye", reason: "hung-up" });
    expect(effects).toEqual([signal({ type: "end", reason: "hung-up" }), ...closeAll]);
    expect(snapshot.output?.by).toBe("them");
    expect(after(caller, ...live, { type: "peer.bye", reason: "hung-up" }, ended, hangUp).effects).toEqual(
      [],
    );
  });

  test("6: what has no newer revision was applied before, and changes nothing", () => {
    const stale: CallEvent = { ...accepted, rev: 2 };
    expect(after(caller, ...ringing, stale).effects).toEqual([]);
    expect(after(callee, ...confirming, { ...mine, rev: 1 }).effects).toEqual([]);
    expect(after(caller, ...ringing, { ...ended, rev: 2 }).effects).toEqual([]);
  });

  test("34: a late Alerting changes nothing", () => {
    expect(after(caller, ...live, { type: "remote.alerting", rev: 4 }).effects).toEqual([]);
  });
});

describe("a server that lost its memory", () => {
  test("the caller invites again with the same call and everything gathered", () => {
    expect(after(caller, ...ringing, gathered, absent).effects).toEqual([
      signal({ type: "invite", callee: "ben", kind: "video", offer: sampleOffer }),
      signal({ type: "candidates", candidates: sampleCandidates }),
      start("result", 32_000),
    ]);
  });

  test("83: the callee rings on for 5 s, and then it is over without a word", () => {
    expect(after(callee, absent).effects).toEqual([start("window", 5_000)]);
    expect(after(callee, absent, { type: "timer.window" }).effects).toEqual([
      ...stop("ring", "window"),
      ...stop("result", "ring", "window"),
      ...closeAll,
    ]);
  });

  test("83: a call that appears again rings on with the new time", () => {
    const again = synced(callee, [absent], { phase: "ringing", ringRemainingMs: 40_000 });
    expect(after(callee, absent, again).effects).toEqual([
      ...stop("window"),
      start("ring", 45_000),
      signal({ type: "alerting" }),
    ]);
  });

  test("an Accept that the server forgot is made again when the call appears again", () => {
    const again = synced(callee, confirming, {
      phase: "ringing",
      mine: false,
      candidates: [],
      descriptions: [],
    });
    expect(after(callee, ...confirming, absent, again).effects).toEqual([
      ...stop("window"),
      signal({ type: "accept", kind: "video", answer: sampleAnswer }),
      start("result", 32_000),
    ]);
  });

  test("an Accept that a server without memory refuses waits 5 s for the caller to bring the call back", () => {
    const forgot: CallEvent = { type: "server.forgot" };
    expect(after(callee, ...confirming, forgot).effects).toEqual([start("window", 5_000)]);
    expect(after(callee, ...confirming, forgot, mine).at).toBe("established:connecting");
    const over = after(callee, ...confirming, forgot, { type: "timer.window" }).snapshot.output;
    expect(over).toMatchObject({ reason: "no-answer", by: "server", mayRingAgain: true });
  });

  test("a call that goes on is not ended by its Accept, repeated to a server without memory", () => {
    const { at, effects } = after(callee, ...calleeLive, { type: "server.forgot" });
    expect([at, effects]).toEqual(["established:live:steady", []]);
  });

  test("a snapshot with a newer connection of the peer is followed, also before the accept was heard", () => {
    const newer = { ...sampleOffer, generation: 2 };
    const told = synced(caller, ringing, { descriptions: [newer], generation: 2 });
    const { at, effects } = after(caller, ...ringing, told);
    expect([at, effects.slice(2, 4)]).toEqual([
      "established:connecting",
      [
        { type: "peer.open", polite: false, offer: false, generation: 2 },
        { type: "peer.apply", description: newer },
      ],
    ]);
  });

  test("an accepted call that is ringing again is accepted again by its callee alone", () => {
    const forCallee = synced(callee, calleeLive, { phase: "ringing", mine: false });
    expect(after(callee, ...calleeLive, forCallee).effects).toEqual([
      signal({ type: "accept", kind: "video", answer: sampleAnswer }),
      { type: "peer.resend" },
    ]);
    const forCaller = synced(caller, live, { phase: "ringing" });
    expect(after(caller, ...live, forCaller).effects).toEqual([{ type: "peer.resend" }]);
  });

  test("90: a live call goes on when the server does not know it", () => {
    const { at, effects } = after(caller, ...live, absent);
    expect([at, effects]).toEqual(["established:live:steady", [{ type: "peer.resend" }]]);
  });

  test("82: a live call is re-attached with its newest ticket", () => {
    const renewed = { ...accepted, rev: 9, ticket: "0b" } as const;
    const { at, effects } = after(caller, ...live, { ...accepted, rev: 8, ticket: "0a" }, renewed, absent);
    expect([at, effects]).toEqual([
      "established:live:steady",
      [signal({ type: "reattach", ticket: "0b" }), { type: "peer.resend" }],
    ]);
  });

  test("85: hanging up carries the ticket, so that a server that forgot the call leaves a mark", () => {
    const { effects } = after(
      caller,
      ...live,
      { ...accepted, rev: 8, ticket: "0a" },
      { type: "user.hangUp" },
    );
    expect(effects).toContainEqual(signal({ type: "end", reason: "hung-up", ticket: "0a" }));
  });

  test("a snapshot brings the answer and the candidates that were missed", () => {
    const active = synced(caller, ringing, {});
    expect(after(caller, ...ringing, active).effects).toEqual([
      ...stop("result", "ring"),
      { type: "peer.apply", description: sampleAnswer },
      { type: "peer.addCandidates", candidates: sampleCandidates },
      start("connectHalf", 12_000),
      start("connect", 30_000),
    ]);
  });

  test("an Invite whose result was lost with the epoch goes on as the snapshot says", () => {
    const rings = synced(caller, inviting, { phase: "ringing", ringRemainingMs: 30_000 });
    const { at, effects } = after(caller, ...inviting, rings);
    expect([at, effects]).toEqual(["outgoing:calling", [...stop("result"), start("ring", 35_000)]]);
  });

  test("a call that ended or was answered elsewhere meanwhile is over", () => {
    const over = synced(callee, [], { phase: "ended", endReason: "cancelled" });
    expect(after(callee, over).snapshot.output?.reason).toBe("cancelled");
    const elsewhere = synced(callee, [], { phase: "active", mine: false });
    expect(after(callee, elsewhere).snapshot.output?.reason).toBe("answered-elsewhere");
  });
});
