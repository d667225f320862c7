import { describe, expect, test } from "vitest";
import type { CallEvent } from "./call/events.ts";
import { callInputs, sampleAnswer, sampleOffer } from "./docs/call-samples.ts";
import { startCall, stepCall } from "./docs/call-table.ts";
import { startLine, stepLine } from "./docs/session-samples.ts";
import { type CallMachineSnapshot, callView, sessionView } from "./view.ts";

function after(name: string, ...events: readonly CallEvent[]): CallMachineSnapshot {
  const input = callInputs[name];
  if (!input) throw new Error(`no sample input "${name}"`);
  return events.reduce((snapshot, event) => stepCall(snapshot, event)[0], startCall(input)[0]);
}

const mediaOn: CallEvent = { type: "media.changed", media: { microphone: "on", camera: "on" } };
const invited: readonly CallEvent[] = [
  { type: "peer.described", description: sampleOffer },
  mediaOn,
  { type: "server.invited", ringRemainingMs: 60_000 },
];
const alerting: CallEvent = { type: "remote.alerting", rev: 2 };
const accepted: CallEvent = {
  type: "remote.accepted",
  rev: 3,
  mine: true,
  kind: "video",
  answer: sampleAnswer,
};
const connected: CallEvent = { type: "peer.connected", at: 1_000 };
const connecting = [...invited, alerting, accepted];
const live = [...connecting, connected];

const none = { accept: false, decline: false, hangUp: false, setSources: false };

describe("a call's view", () => {
  test.each([
    ["caller", [], "dialing", { ...none, hangUp: true, setSources: true }],
    ["caller", invited, "dialing", { ...none, hangUp: true, setSources: true }],
    ["caller", [...invited, alerting], "ringing", { ...none, hangUp: true, setSources: true }],
    ["callee in a replay", [], "incoming", { ...none, decline: true, hangUp: true }],
    ["callee", [], "incoming", { ...none, accept: true, decline: true, hangUp: true }],
    [
      "callee",
      [{ type: "user.accept", kind: "audio" }],
      "accepting",
      { ...none, decline: true, hangUp: true, setSources: true },
    ],
    ["caller", connecting, "connecting", { ...none, hangUp: true, setSources: true }],
    ["caller", live, "live", { ...none, hangUp: true, setSources: true }],
    ["caller", [...live, { type: "peer.interrupted" }], "live", { ...none, hangUp: true, setSources: true }],
    [
      "caller",
      [...live, { type: "peer.failed" }],
      "reconnecting",
      { ...none, hangUp: true, setSources: true },
    ],
    ["caller", [...live, { type: "user.hangUp" }], "ended", none],
  ] as const)("as %s it says where it is and what can be done", (name, events, phase, can) => {
    const view = callView(after(name, ...(events as readonly CallEvent[])));
    expect([view.phase, view.can]).toEqual([phase, can]);
  });

  test("has everything that a screen shows", () => {
    const state = { revision: 1, microphone: true, camera: false, onHold: false };
    const snapshot = after("caller", ...live, { type: "peer.mediaState", state }, { type: "peer.failed" });
    expect(callView(snapshot)).toEqual({
      callId: "00112233445566778899aabbccddeeff",
      role: "caller",
      phase: "reconnecting",
      remote: { user: "ben", displayName: "Ben" },
      kind: "video",
      local: { microphone: "on", camera: "on" },
      remoteMedia: { microphone: true, camera: false },
      hold: { local: false, remote: false },
      remoteReachable: true,
      silenced: false,
      liveSince: 1_000,
      interruptions: 1,
      end: undefined,
      can: { ...none, hangUp: true, setSources: true },
    });
  });

  test("tells how long it was talked, never less than nothing", () => {
    const ended = after("caller", ...live, { type: "user.hangUp" });
    expect(callView(ended, 61_000).end).toEqual({
      reason: "hung-up",
      by: "me",
      at: 61_000,
      talkedMs: 60_000,
    });
    expect(callView(ended, 500).end?.talkedMs).toBe(0);
    expect(callView(after("caller", { type: "user.hangUp" }), 500).end?.talkedMs).toBeUndefined();
  });
});

describe("a session's view", () => {
  const [line] = startLine();
  const ringing = callView(after("callee"));
  const replayed = callView(after("callee in a replay"));
  const talking = callView(after("caller", ...live));
  const ended = callView(after("caller", { type: "user.hangUp" }), 0);

  test("shows the newest live call, else the one that ended last", () => {
    expect(sessionView(line, [talking, ringing], ended, []).call).toBe(ringing);
    expect(sessionView(line, [], ended, []).call).toBe(ended);
    expect(sessionView(line, [], undefined, []).call).toBeUndefined();
  });

  test("row 24: leaves out a ring that is not announced yet", () => {
    expect(sessionView(line, [talking, replayed], undefined, []).calls).toEqual([talking]);
  });

  test("sorts people by the name that is shown", () => {
    const person = (user: string, displayName: string) =>
      ({ user, displayName, availability: "online", bot: false, version: 1 }) as const;
    const people = [person("a", "Zoe"), person("b", "adam"), person("c", "Bea")];
    const [snapshot] = stepLine(line, { type: "remote.presence", people, full: true });
    expect(sessionView(snapshot, [], undefined, []).people.map(({ displayName }) => displayName)).toEqual([
      "adam",
      "Bea",
      "Zoe",
    ]);
  });
});
