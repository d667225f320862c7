import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { TimestampSchema, timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  CallPhase,
  CommandResultSchema,
  EventSchema,
  MediaKind,
  Role,
  SnapshotSchema,
  EndReason as WireEndReason,
} from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import { sampleAnswer, sampleOffer } from "./docs/call-samples.ts";
import type { CallMemory, SignalingInput } from "./ports.ts";
import type { RecentCall } from "./session/recent.ts";
import { startSession } from "./start-session.ts";
import { stubPorts } from "./testing/index.ts";
import { fromHex } from "./wire/ids.ts";
import { toAction, toDescription } from "./wire/outbound.ts";

const theirs = "0b".repeat(16);
const minute = 60_000;
/** When the server ended the call. */
const committedAt = 7 * minute;
const now = 12 * minute;
const missedAt = (reason: string, by: string, at = committedAt) => ({
  callId: theirs,
  role: "callee",
  remote: { user: "ben", displayName: "Ben" },
  kind: "video",
  end: { reason, by, at, talkedMs: undefined },
  missed: true,
  seen: false,
});

type Body = NonNullable<MessageInitShape<typeof EventSchema>["body"]>;

function event(rev: number, body: Body): SignalingInput {
  const at = timestampFromMs(committedAt);
  const init = { callId: fromHex(theirs), callRev: BigInt(rev), at, body };
  return { type: "event", event: create(EventSchema, init) };
}

const call = {
  callId: fromHex(theirs),
  phase: CallPhase.RINGING,
  role: Role.CALLEE,
  remote: { user: "ben", displayName: "Ben" },
  kind: MediaKind.VIDEO,
  ringRemaining: { seconds: 60n },
};
const incoming = event(1, { case: "incoming", value: { call, offer: toDescription(theirs, sampleOffer) } });
const hello = { type: "hello", timers: {}, iceServers: [] } as const;

function ended(reason: WireEndReason, deviceLabel = ""): SignalingInput {
  return event(2, { case: "ended", value: { reason, by: Role.CALLEE, deviceLabel } });
}

function started(memory?: CallMemory) {
  const ports = { ...stubPorts(), ...(memory ? { memory } : {}) };
  const session = startSession(ports, { user: "ana" });
  ports.clock.advanceBy(now - ports.clock.now());
  ports.signaling.push({ ...hello, resumed: false, snapshot: create(SnapshotSchema) });
  ports.signaling.push({ type: "caughtUp" });
  return { ports, session };
}

/** The person accepts, and the accept comes too late. */
function loseAccept(
  ports: ReturnType<typeof stubPorts>,
  session: ReturnType<typeof startSession>,
  endReason: WireEndReason,
): void {
  ports.signaling.push(incoming);
  session.send(theirs, { type: "user.accept", kind: "video" });
  ports.peer.latest().push({ type: "peer.described", description: sampleAnswer });
  ports.media.latest().push({ microphone: "on", camera: "on" });
  const action = toAction(theirs, { type: "accept", kind: "video", answer: sampleAnswer });
  const state = { ...call, phase: CallPhase.ENDED, endReason };
  ports.signaling.push({
    type: "result",
    action,
    result: create(CommandResultSchema, { applied: false, state }),
  });
}

describe("a call that nobody took", () => {
  test("71: is missed as of the time the server ended it, when the events of a long sleep are heard at last", () => {
    const { ports, session } = started();
    const shown = new Set<string | undefined>();
    session.subscribe((view) => shown.add(view.call?.phase));
    ports.signaling.push({ ...hello, resumed: true, snapshot: undefined });
    for (const input of [incoming, ended(WireEndReason.NO_ANSWER)]) ports.signaling.push(input);
    ports.signaling.push({ type: "caughtUp" });
    expect([...shown]).toEqual([undefined, "ended"]);
    expect(session.view().recent).toEqual([missedAt("no-answer", "server")]);
  });

  test("18: is missed also when the server did not let it ring, and is told once", () => {
    const { ports, session } = started();
    const told: number[] = [];
    session.subscribe(({ recent }) => void told.push(recent.length));
    const turnedAway = { ...call, phase: CallPhase.ENDED, endReason: WireEndReason.BUSY };
    ports.signaling.push(event(1, { case: "missed", value: { call: turnedAway } }));
    expect([session.view().recent, session.view().calls]).toEqual([[missedAt("busy", "server")], []]);
    expect(told.at(-1)).toBe(1);
  });

  test("9: is missed when the accept came after the cancel", () => {
    const { ports, session } = started();
    loseAccept(ports, session, WireEndReason.CANCELLED);
    expect(session.view().recent).toEqual([missedAt("cancelled", "server", now)]);
  });

  test("is seen once its summary was dismissed, or when the person has seen the list", () => {
    for (const see of ["dismiss", "markSeen"] as const) {
      const { ports, session } = started();
      for (const input of [incoming, ended(WireEndReason.CANCELLED)]) ports.signaling.push(input);
      session[see]([theirs]);
      expect(session.view().recent.map(({ missed, seen }) => [missed, seen])).toEqual([[true, true]]);
    }
  });

  test.each([
    ["of the year 292 million", 2n ** 63n - 1n],
    ["of long before the year 0", -(2n ** 63n)],
    ["of 1970", 0n],
  ])("is as of now when the server's time is one %s", (_, seconds) => {
    const { ports, session } = started();
    ports.clock.setTo(Date.UTC(2026, 0, 1));
    ports.signaling.push(incoming);
    const over = ended(WireEndReason.CANCELLED);
    if (over.type === "event") over.event.at = create(TimestampSchema, { seconds });
    ports.signaling.push(over);
    expect(session.view().recent.map(({ end }) => end.at)).toEqual([ports.clock.now()]);
  });

  test("is no later than now, whatever the server's clock says", () => {
    const { ports, session } = started();
    ports.clock.advanceBy(committedAt - ports.clock.now());
    ports.signaling.push(incoming);
    const late = { callId: fromHex(theirs), callRev: 2n, at: timestampFromMs(now + 99 * minute) };
    const value = { reason: WireEndReason.CANCELLED, by: Role.CALLER };
    ports.signaling.push({
      type: "event",
      event: create(EventSchema, { ...late, body: { case: "ended", value } }),
    });
    expect(session.view().recent.map(({ end }) => end.at)).toEqual([now]);
  });
});

describe("a call that was taken on another device", () => {
  const elsewhere = ended(WireEndReason.ANSWERED_ELSEWHERE, "Firefox on Android");

  test("11: names that device, and is not missed", () => {
    const { ports, session } = started();
    for (const input of [incoming, elsewhere]) ports.signaling.push(input);
    const { call: shown, recent } = session.view();
    expect(shown?.end).toMatchObject({ reason: "answered-elsewhere", device: "Firefox on Android" });
    expect(recent).toMatchObject([{ missed: false, seen: true, end: { device: "Firefox on Android" } }]);
  });

  test("11: names it too when the own accept's result has ended the call before", () => {
    const { ports, session } = started();
    loseAccept(ports, session, WireEndReason.ANSWERED_ELSEWHERE);
    expect(session.view().call?.end).toEqual({
      reason: "answered-elsewhere",
      by: "server",
      at: now,
      talkedMs: undefined,
    });
    ports.signaling.push(elsewhere);
    expect(session.view().call?.end).toMatchObject({ device: "Firefox on Android" });
    expect(session.view().recent).toMatchObject([{ end: { device: "Firefox on Android" } }]);
  });
});

describe("what a tab keeps", () => {
  function keeper() {
    let kept: readonly RecentCall[] = [];
    return {
      load: () => undefined,
      save: () => {},
      loadRecent: () => kept,
      saveRecent: (_: string, recent: readonly RecentCall[]) => {
        kept = recent;
      },
    };
  }

  test("a reload shows the calls that are over, and signing out forgets them", () => {
    const memory = keeper();
    const { ports, session } = started(memory);
    for (const input of [incoming, ended(WireEndReason.CANCELLED)]) ports.signaling.push(input);
    session.stop("page-gone");
    const reloaded = started(memory).session;
    expect(reloaded.view().recent).toEqual(session.view().recent);
    reloaded.stop("sign-out");
    expect(memory.loadRecent()).toEqual([]);
  });

  test("a call whose end was only a guess is not in the list while it rings again", () => {
    const { ports, session } = started();
    ports.signaling.push(incoming);
    ports.signaling.push({ ...hello, resumed: false, snapshot: create(SnapshotSchema) });
    ports.signaling.push({ type: "caughtUp" });
    ports.clock.advanceBy(5_000);
    expect(session.view().recent.map(({ callId }) => callId)).toEqual([theirs]);
    ports.signaling.push(incoming);
    expect([session.view().call?.phase, session.view().recent]).toEqual(["incoming", []]);
  });
});
