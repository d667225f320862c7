import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  Availability,
  CallPhase,
  CommandResultSchema,
  EventSchema,
  IceServerSchema,
  MediaKind,
  PresenceSubscribeSchema,
  PresenceUpdateSchema,
  RelaySchema,
  Role,
  SnapshotSchema,
  EndReason as WireEndReason,
} from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import { sampleAnswer, sampleCandidates, sampleOffer } from "./docs/call-samples.ts";
import type { CommandAction, SignalingInput } from "./ports.ts";
import { startSession } from "./start-session.ts";
import { createWorld, type StubPorts, stubPorts } from "./testing/index.ts";
import { defaultTimers } from "./types.ts";
import { fromHex } from "./wire/ids.ts";
import { toAction, toDescription, toMediaState } from "./wire/outbound.ts";

const callId = "0a".repeat(16);
const theirs = "0b".repeat(16);
const ben = { user: "ben", displayName: "Ben" };
const bothOn = { microphone: "on", camera: "on" } as const;

const hello: SignalingInput = {
  type: "hello",
  resumed: false,
  snapshot: create(SnapshotSchema),
  timers: {},
  iceServers: [],
};

function started(options: { readonly online?: boolean } = {}) {
  const ports = stubPorts();
  const session = startSession(ports, { user: "ana" });
  if (options.online ?? true) goOnline(ports);
  return { ports, session };
}

function goOnline({ signaling }: StubPorts): void {
  signaling.push(hello);
  signaling.push({ type: "caughtUp" });
}

type Body = NonNullable<MessageInitShape<typeof EventSchema>["body"]>;

function event(ofCall: string, rev: number, body: Body): SignalingInput {
  return {
    type: "event",
    event: create(EventSchema, { callId: fromHex(ofCall), callRev: BigInt(rev), body }),
  };
}

function result(action: CommandAction, init: MessageInitShape<typeof CommandResultSchema>): SignalingInput {
  return { type: "result", action, result: create(CommandResultSchema, init) };
}

const ring = (ofCall: string, changes: { readonly replacesCall?: Uint8Array<ArrayBuffer> } = {}) =>
  event(ofCall, 1, {
    case: "incoming",
    value: {
      call: {
        callId: fromHex(ofCall),
        phase: CallPhase.RINGING,
        role: Role.CALLEE,
        remote: { user: "ben", displayName: "Ben" },
        kind: MediaKind.VIDEO,
        ringRemaining: { seconds: 60n },
        ...changes,
      },
      offer: toDescription(ofCall, sampleOffer),
    },
  });
const incoming = ring(theirs);
const cancelled = event(theirs, 2, {
  case: "ended",
  value: { reason: WireEndReason.CANCELLED, by: Role.CALLER },
});
const invite = toAction(callId, { type: "invite", callee: "ben", kind: "video", offer: sampleOffer });
const ringing = {
  callId: fromHex(callId),
  phase: CallPhase.RINGING,
  role: Role.CALLER,
  ringRemaining: { seconds: 60n },
};
const accepted = event(callId, 3, {
  case: "accepted",
  value: { kind: MediaKind.VIDEO, answer: toDescription(callId, sampleAnswer) },
});

/** An outgoing call until its Invite is sent. */
function dialed() {
  const { ports, session } = started();
  session.dial(ben, "video", callId);
  ports.peer.latest().push({ type: "peer.described", description: sampleOffer });
  ports.media.latest().push(bothOn);
  return { ports, session };
}

function talking() {
  const { ports, session } = dialed();
  ports.signaling.push(result(invite, { applied: true, state: ringing }));
  ports.signaling.push(event(callId, 2, { case: "remoteAlerting", value: { endpoints: 1 } }));
  ports.signaling.push(accepted);
  ports.peer.latest().push({ type: "peer.connected", at: ports.clock.now() });
  return { ports, session };
}

const mediaState = (revision: number) => ({ revision, microphone: true, camera: true, onHold: false });

describe("a call out", () => {
  test("goes from the dial to its end with exactly these calls of the ports", () => {
    const { ports, session } = talking();
    ports.clock.advanceBy(90_000);
    session.send(callId, { type: "user.hangUp" });
    const end = toAction(callId, { type: "end", reason: "hung-up" });
    const state = mediaState(1);
    expect(ports.signaling.sent()).toEqual([invite, toAction(callId, { type: "mediaState", state }), end]);
    expect(ports.peer.opened.map(({ options, calls }) => ({ options, calls }))).toEqual([
      {
        options: { callId, polite: false, offer: true, generation: 1 },
        calls: [
          { method: "apply", description: sampleAnswer },
          { method: "say", signal: { type: "mediaState", state } },
          { method: "say", signal: { type: "bye", reason: "hung-up" } },
          { method: "close" },
        ],
      },
    ]);
    expect(ports.media.opened.map(({ wanted, calls }) => ({ wanted, calls }))).toEqual([
      { wanted: { microphone: true, camera: true }, calls: [{ method: "close" }] },
    ]);
    expect(ports.clock.pending()).toBe(0);
  });

  test("is shown phase by phase, and its end with its length until it is dismissed", () => {
    const { ports, session } = talking();
    expect(ports.logger.lines.map(({ message }) => message)).toEqual([
      "call dialing",
      "call ringing",
      "call connecting",
      "call live",
    ]);
    ports.clock.advanceBy(90_000);
    session.send(callId, { type: "user.hangUp" });
    expect(session.view()).toMatchObject({
      calls: [],
      call: { phase: "ended", end: { reason: "hung-up", by: "me", at: 90_000, talkedMs: 90_000 } },
    });
    session.dismiss();
    expect(session.view().call).toBeUndefined();
  });

  test("wakes the link when media is lost: the restart of ICE needs it, and it may be as dead", () => {
    const { ports } = talking();
    const wakes = () => ports.signaling.calls.filter(({ method }) => method === "wake").length;
    ports.peer.latest().push({ type: "peer.interrupted" });
    expect(wakes()).toBe(0);
    ports.clock.advanceBy(defaultTimers.interruptedMs);
    expect(wakes()).toBe(1);
  });

  test("wakes a link that is down, and leaves one alone that is up", () => {
    const { ports, session } = started();
    const wakes = () => ports.signaling.calls.filter(({ method }) => method === "wake");
    session.dial(ben, "audio", callId);
    expect(wakes()).toEqual([]);
    session.send(callId, { type: "user.hangUp" });
    ports.signaling.push({ type: "interrupted", retryInMs: 1_000, code: "unreachable", text: "a test" });
    session.dial(ben, "audio", callId);
    expect(wakes()).toEqual([{ method: "wake" }]);
  });

  test("sends nothing before there is an offer", () => {
    const { ports, session } = started();
    session.dial(ben, "audio", callId);
    expect([ports.signaling.sent(), session.view().call?.phase]).toEqual([[], "dialing"]);
  });

  test("keeps the leases of the calls that there are, and says whether media flows", () => {
    const { ports, session } = talking();
    const health = () => ports.signaling.calls.findLast(({ method }) => method === "setCalls");
    expect(health()).toEqual({ method: "setCalls", calls: [{ callId, mediaAlive: true }] });
    ports.peer.latest().push({ type: "peer.failed" });
    expect(health()).toEqual({ method: "setCalls", calls: [{ callId, mediaAlive: false }] });
    session.send(callId, { type: "user.hangUp" });
    expect(health()).toEqual({ method: "setCalls", calls: [] });
  });

  test("is given up when no result comes within 32 s", () => {
    const { ports, session } = dialed();
    ports.clock.advanceBy(31_999);
    expect(session.view().call?.phase).toBe("dialing");
    ports.clock.advanceBy(1);
    expect(session.view().call?.end?.reason).toBe("unreachable");
    expect(ports.signaling.sent().at(-1)).toEqual(toAction(callId, { type: "end", reason: "unreachable" }));
  });

  test("10: the result's refusal ends it with the server's reason", () => {
    const { ports, session } = dialed();
    const busy = { ...ringing, phase: CallPhase.ENDED, endReason: WireEndReason.BUSY };
    ports.signaling.push(result(invite, { applied: false, state: busy }));
    expect(session.view().call?.end).toEqual({ reason: "busy", by: "server", at: 0, talkedMs: undefined });
  });

  test("a malformed id is refused at once", () => {
    const { session } = started();
    for (const malformed of ["", "0A".repeat(16), "0a".repeat(15)]) {
      expect(() => session.dial(ben, "audio", malformed)).toThrow(RangeError);
    }
    expect(session.view().call).toBeUndefined();
  });
});

describe("a call in", () => {
  test("goes from the ring to its end with exactly these calls of the ports", () => {
    const { ports, session } = started();
    ports.signaling.push(incoming);
    expect(session.view().call?.phase).toBe("incoming");
    session.send(theirs, { type: "user.accept", kind: "audio" });
    ports.signaling.push(event(theirs, 1, { case: "candidates", value: { ufrag: "u2" } }));
    ports.peer.latest().push({ type: "peer.described", description: sampleAnswer });
    ports.peer.latest().push({ type: "peer.candidates", candidates: sampleCandidates });
    ports.media.latest().push({ microphone: "on", camera: "off" });
    const accept = toAction(theirs, { type: "accept", kind: "audio", answer: sampleAnswer });
    const trickle = toAction(theirs, { type: "candidates", candidates: sampleCandidates });
    expect(session.view().call?.phase).toBe("accepting");
    ports.signaling.push(result(accept, { applied: true }));
    ports.peer.latest().push({ type: "peer.connected", at: 0 });
    ports.peer.latest().push({ type: "peer.bye", reason: "hung-up" });
    const state = { ...mediaState(1), camera: false };
    expect(ports.signaling.sent()).toEqual([
      toAction(theirs, { type: "alerting" }),
      accept,
      trickle,
      toAction(theirs, { type: "mediaState", state }),
      toAction(theirs, { type: "end", reason: "hung-up" }),
    ]);
    expect(ports.peer.opened.map(({ calls }) => calls)).toEqual([
      [
        { method: "apply", description: sampleOffer },
        {
          method: "addCandidates",
          candidates: { generation: 0, ufrag: "u2", firstIndex: 0, list: [], end: false },
        },
        { method: "say", signal: { type: "mediaState", state } },
        { method: "close" },
      ],
    ]);
    expect(session.view().call?.end).toEqual({ reason: "hung-up", by: "them", at: 0, talkedMs: 0 });
    expect(ports.clock.pending()).toBe(0);
  });

  test("a call of the same peer in the place of the one that is live goes on by itself, as muted as that one", () => {
    const { ports, session } = started();
    ports.signaling.push(incoming);
    session.send(theirs, { type: "user.accept", kind: "video" });
    ports.peer.latest().push({ type: "peer.described", description: sampleAnswer });
    ports.media.latest().push({ microphone: "off", camera: "on" });
    const accept = toAction(theirs, { type: "accept", kind: "video", answer: sampleAnswer });
    ports.signaling.push(result(accept, { applied: true }));
    ports.peer.latest().push({ type: "peer.connected", at: 0 });
    ports.signaling.push(event(theirs, 9, { case: "ended", value: { reason: WireEndReason.REPLACED } }));
    ports.signaling.push(ring(callId, { replacesCall: fromHex(theirs) }));
    expect(session.view().calls.map((call) => [call.callId, call.phase])).toEqual([[callId, "accepting"]]);
    expect(ports.media.opened.map(({ wanted }) => wanted)).toEqual([
      { microphone: true, camera: true },
      { microphone: false, camera: true },
    ]);
  });

  test("24: a ring that the same replay ends is neither shown nor announced, only missed", () => {
    const { ports, session } = started({ online: false });
    const shown = new Set<string | undefined>();
    session.subscribe(({ call }) => shown.add(call?.phase));
    ports.signaling.push({ ...hello, resumed: true, snapshot: undefined });
    ports.signaling.push(incoming);
    ports.signaling.push(cancelled);
    ports.signaling.push({ type: "caughtUp" });
    expect([...shown]).toEqual([undefined, "ended"]);
    expect([ports.signaling.sent(), ports.media.opened, ports.clock.pending()]).toEqual([[], [], 0]);
    expect(session.view().call?.end?.reason).toBe("cancelled");
  });

  test("24: a ring that is still there after the replay is announced then", () => {
    const { ports, session } = started({ online: false });
    ports.signaling.push(hello);
    ports.signaling.push(incoming);
    expect([session.view().calls, ports.signaling.sent()]).toEqual([[], []]);
    ports.signaling.push({ type: "caughtUp" });
    expect(session.view().call?.phase).toBe("incoming");
    expect(ports.signaling.sent()).toEqual([toAction(theirs, { type: "alerting" })]);
  });

  test("rings no longer than the server and a guard: no stream, no end, no ring for ever", () => {
    const { ports, session } = started();
    ports.signaling.push(incoming);
    ports.signaling.push({ type: "interrupted", retryInMs: 1_000, code: "unreachable", text: "no network" });
    ports.clock.advanceBy(65_000);
    expect(session.view().call?.end?.reason).toBe("no-answer");
    expect(ports.clock.pending()).toBe(0);
  });

  test("26: what a reloaded page left ringing at the server rings on", () => {
    const { ports, session } = started({ online: false });
    const snapshot = create(SnapshotSchema, { calls: [{ ...ringing, rev: 1n }] });
    ports.signaling.push({ ...hello, snapshot });
    expect(session.view().call).toMatchObject({ callId, phase: "ringing", role: "caller" });
    expect([ports.signaling.sent(), ports.peer.opened.length]).toEqual([[], 0]);
    session.send(callId, { type: "user.hangUp" });
    expect(ports.signaling.sent()).toEqual([toAction(callId, { type: "end", reason: "cancelled" })]);
  });

  test("77: what a reloaded page had muted last is muted again, although the server was not told", () => {
    const muted = { revision: 8, microphone: false, camera: true, onHold: false };
    const ports = stubPorts();
    const saved: unknown[] = [];
    const memory = { load: () => muted, save: (...entry: unknown[]) => void saved.push(entry) };
    startSession({ ...ports, memory }, { user: "ana" });
    const ownMedia = toMediaState(callId, { ...muted, revision: 3, microphone: true });
    const call = { ...ringing, rev: 2n, phase: CallPhase.ACTIVE, ownMedia };
    ports.signaling.push({ ...hello, snapshot: create(SnapshotSchema, { calls: [call] }) });
    expect(ports.media.opened.map(({ wanted }) => wanted)).toEqual([{ microphone: false, camera: true }]);
    ports.peer.latest().push({ type: "peer.connected", at: 5 });
    ports.peer.latest().push({ type: "peer.bye", reason: "hung-up" });
    const told = { revision: 9, microphone: false, camera: false, onHold: false };
    expect(saved).toEqual([
      [callId, told],
      [callId, undefined],
    ]);
  });

  test("1: crossing calls become one, and what the dropped one had open is closed", () => {
    const { ports, session } = dialed();
    ports.signaling.push(incoming);
    expect(session.view().calls.map(({ callId: id, phase }) => [id, phase])).toEqual([[theirs, "accepting"]]);
    expect(ports.media.opened.map((opened) => [opened.callId, opened.closed()])).toEqual([
      [callId, true],
      [theirs, false],
    ]);
    expect(ports.peer.opened.map((opened) => opened.closed())).toEqual([true, false]);
  });
});

describe("the session", () => {
  test("shows the link as it comes and goes, and why it stopped", () => {
    const { ports, session } = started({ online: false });
    const links = [session.view().link];
    session.subscribe(({ link }) => links.at(-1) !== link && links.push(link));
    goOnline(ports);
    ports.signaling.push({ type: "interrupted", retryInMs: 500, code: "unreachable", text: "no network" });
    goOnline(ports);
    ports.signaling.push({ type: "stopped", code: "superseded", text: "another tab took over" });
    expect(links).toEqual(["connecting", "online", "interrupted", "online", "stopped"]);
    expect(session.view().stopped).toEqual({ code: "superseded", text: "another tab took over" });
  });

  test("goes on although everything that the application gave throws, and reports it", () => {
    const reported: string[] = [];
    const broken = (): never => {
      throw new TypeError("broken");
    };
    const logger = { debug: broken, info: broken, warn: broken };
    const memory = { load: broken, save: broken, loadRecent: broken, saveRecent: broken };
    const ports = stubPorts();
    const session = startSession(
      {
        ...ports,
        logger,
        memory,
        onRelay: broken,
        onIceServers: broken,
        report: (callback) => reported.push(callback),
      },
      { user: "ana" },
    );
    const links: string[] = [];
    session.subscribe(broken);
    session.subscribe(({ link }) => links.push(link));
    goOnline(ports);
    ports.signaling.push(event(theirs, 0, { case: "relay", value: { fromUser: "ben" } }));
    ports.signaling.push(ring(theirs));
    session.send(theirs, { type: "user.decline" });
    expect([session.view().call?.phase, session.view().recent.length, links.at(-1)]).toEqual([
      "ended",
      1,
      "online",
    ]);
    expect([...new Set(reported)].sort()).toEqual([
      "memory.loadRecent",
      "memory.save",
      "memory.saveRecent",
      "onIceServers",
      "onRelay",
      "subscribe",
    ]);
  });

  test("says why it is down and when it tries again, until it is up", () => {
    const { ports, session } = started();
    ports.clock.advanceBy(100);
    ports.signaling.push({ type: "interrupted", retryInMs: 500, code: "unreachable", text: "no answer" });
    const down = session.view().trouble;
    const retryInMs = Number.POSITIVE_INFINITY;
    ports.signaling.push({ type: "interrupted", retryInMs, code: "offline", text: "no network" });
    const cut = session.view().trouble;
    goOnline(ports);
    expect([down, cut, session.view().trouble]).toEqual([
      { code: "unreachable", text: "no answer", retryAt: ports.clock.now() + 500 },
      { code: "offline", text: "no network" },
      undefined,
    ]);
  });

  test.each([
    ["signed-out", "signed-out"],
    ["superseded", "superseded"],
    ["not-allowed", "refused"],
    ["unsupported-version", "unsupported-version"],
    ["unauthenticated", "refused"],
    ["misconfigured", "wrong-server"],
    ["bad-user", "bad-user"],
  ] as const)("that stopped with %s is in trouble for good: %s", (code, trouble) => {
    const { ports, session } = started();
    ports.signaling.push({ type: "stopped", code, text: "the fix" });
    expect(session.view()).toMatchObject({
      link: "stopped",
      stopped: { code, text: "the fix" },
      trouble: { code: trouble, text: "the fix" },
    });
  });

  test("that this side has closed is stopped, and stays so", () => {
    const { ports, session } = started();
    session.stop("page-gone");
    goOnline(ports);
    session.stop("sign-out");
    const text = "This side has closed the session. Start another one to go on.";
    expect(session.view()).toMatchObject({
      link: "stopped",
      stopped: { code: "closed", text },
      trouble: { code: "closed", text },
    });
  });

  test("shows people by name, and asks for everyone who may be seen", () => {
    const { ports, session } = started();
    session.watchContacts();
    const items = [
      { user: "zoe", displayName: "Åsa", availability: Availability.ONLINE, version: 1n },
      { user: "ben", displayName: "", availability: Availability.BUSY, version: 1n },
    ];
    ports.signaling.push({ type: "presence", update: create(PresenceUpdateSchema, { items, full: true }) });
    expect(session.view().people.map(({ displayName, availability }) => [displayName, availability])).toEqual(
      [
        ["Åsa", "online"],
        ["ben", "busy"],
      ],
    );
    const value = create(PresenceSubscribeSchema, { contacts: true, replace: true });
    expect(ports.signaling.sent()).toEqual([{ case: "presenceSubscribe", value }]);
  });

  test("passes relayed messages on in both directions, unread", () => {
    const ports = stubPorts();
    const heard: unknown[] = [];
    const session = startSession({ ...ports, onRelay: (relay) => heard.push(relay) }, { user: "ana" });
    goOnline(ports);
    const relay = create(RelaySchema, { messageId: fromHex(callId) });
    ports.signaling.push(event("", 0, { case: "relay", value: relay }));
    session.relay(relay);
    expect(heard).toEqual([relay]);
    expect(ports.signaling.sent()).toEqual([{ case: "relay", value: relay }]);
  });

  test("hands on each hello's STUN and TURN servers", () => {
    const ports = stubPorts();
    const heard: unknown[] = [];
    startSession({ ...ports, onIceServers: (servers) => heard.push(servers) }, { user: "ana" });
    const iceServers = [create(IceServerSchema, { urls: ["stun:stun.example"] })];
    ports.signaling.push({ ...hello, iceServers });
    expect(heard).toEqual([iceServers]);
  });

  test("gives the same view until something changes, and tells until it is told to stop", () => {
    const { ports, session } = started();
    const before = session.view();
    expect(session.view()).toBe(before);
    let told = 0;
    const unsubscribe = session.subscribe(() => {
      told += 1;
    });
    ports.signaling.push(incoming);
    expect(session.view()).not.toBe(before);
    const toldOnce = told;
    expect(toldOnce).toBeGreaterThan(0);
    unsubscribe();
    ports.signaling.push(cancelled);
    expect(told).toBe(toldOnce);
  });

  test("a listener may act at once", () => {
    const { ports, session } = started();
    session.subscribe(({ call }) => {
      if (call?.can.decline) session.send(call.callId, { type: "user.decline" });
    });
    ports.signaling.push(incoming);
    expect(session.view().call?.end?.reason).toBe("declined");
    expect(ports.signaling.sent().map(({ case: name }) => name)).toEqual(["alerting", "end"]);
  });

  test("79: signing out says goodbye on both paths, and closes everything", () => {
    const { ports, session } = talking();
    session.stop("sign-out");
    expect(ports.signaling.sent().at(-1)).toEqual(toAction(callId, { type: "end", reason: "hung-up" }));
    expect(ports.signaling.calls.at(-1)).toEqual({ method: "stop", intent: "sign-out" });
    expect([ports.peer.latest().closed(), ports.media.latest().closed(), ports.clock.pending()]).toEqual([
      true,
      true,
      0,
    ]);
  });

  test("a page that goes away keeps the call for the detach grace: nothing is said, everything is closed", () => {
    const { ports, session } = talking();
    const sent = ports.signaling.sent().length;
    session.stop("page-gone");
    expect(ports.signaling.sent().length).toBe(sent);
    expect(ports.signaling.calls.at(-1)).toEqual({ method: "stop", intent: "page-gone" });
    expect([ports.peer.latest().closed(), ports.media.latest().closed(), ports.clock.pending()]).toEqual([
      true,
      true,
      0,
    ]);
  });

  test("takes nothing any more when it was stopped", () => {
    const { ports, session } = started();
    session.stop("sign-out");
    const before = ports.signaling.calls.length;
    session.send(callId, { type: "user.hangUp" });
    ports.signaling.push(incoming);
    expect([session.view().calls, ports.signaling.calls.length]).toEqual([[], before]);
  });
});

describe("two sessions over a perfect link", () => {
  test("talk, and agree on who hung up", () => {
    const world = createWorld({ seed: 1, users: ["ana", "ben"] });
    const [ana, them] = world.endpoints;
    if (!ana || !them) throw new Error("two endpoints");
    ana.session.dial(ben, "video", callId);
    world.clock.advanceBy(1_000);
    them.session.send(callId, { type: "user.accept", kind: "video" });
    world.settle();
    expect([ana.call()?.phase, them.call()?.phase]).toEqual(["live", "live"]);
    expect(ana.call()?.remoteMedia).toEqual({ microphone: true, camera: true });
    them.session.send(callId, { type: "user.hangUp" });
    world.settle();
    expect([ana.ends.get(callId), them.ends.get(callId)]).toEqual([
      { reason: "hung-up", by: "them" },
      { reason: "hung-up", by: "me" },
    ]);
  });

  test("83: a server that forgot everything while it rang connects them all the same", () => {
    const world = createWorld({ seed: 1, users: ["ana", "ben"] });
    const [ana, them] = world.endpoints;
    if (!ana || !them) throw new Error("two endpoints");
    ana.session.dial(ben, "audio", callId);
    world.clock.advanceBy(1_000);
    world.exchange.forget();
    for (const { link } of world.endpoints) link.interrupt(200);
    world.clock.advanceBy(2_000);
    expect([ana.call()?.phase, them.call()?.phase]).toEqual(["ringing", "incoming"]);
    expect(them.phases.get(callId)).toEqual(["incoming"]);
    them.session.send(callId, { type: "user.accept", kind: "audio" });
    world.settle();
    expect([ana.call()?.phase, them.call()?.phase]).toEqual(["live", "live"]);
  });

  test("82, 58: a live call outlives the server's memory, and hanging up still reaches the peer", () => {
    const world = createWorld({ seed: 1, users: ["ana", "ben"] });
    const [ana, them] = world.endpoints;
    if (!ana || !them) throw new Error("two endpoints");
    ana.session.dial(ben, "audio", callId);
    world.clock.advanceBy(1_000);
    them.session.send(callId, { type: "user.accept", kind: "audio" });
    world.settle();
    world.exchange.forget();
    for (const { link } of world.endpoints) link.interrupt(200);
    world.settle();
    expect([ana.call()?.phase, them.call()?.phase]).toEqual(["live", "live"]);
    ana.session.send(callId, { type: "user.hangUp" });
    world.settle();
    expect(them.ends.get(callId)).toEqual({ reason: "hung-up", by: "them" });
  });

  test("27: a caller who is gone for good stops the ring", () => {
    const world = createWorld({ seed: 1, users: ["ana", "ben"] });
    const [ana, them] = world.endpoints;
    if (!ana || !them) throw new Error("two endpoints");
    ana.session.dial(ben, "audio", callId);
    world.clock.advanceBy(1_000);
    ana.session.stop("page-gone");
    ana.endpoint.lose();
    world.settle();
    expect(them.ends.get(callId)).toEqual({ reason: "cancelled", by: "them" });
  });
});
