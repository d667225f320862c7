import type { CallPhase } from "@peerline/call-machine";
import { expect, test } from "vitest";
import { fakeCall, fakeDetails, fakeRecent, fakeView } from "../testing/fake-views.ts";
import { announcement } from "./announcement.ts";

const seen = (changes: Parameters<typeof fakeView>[0] = {}) => ({
  ...fakeView(changes),
  isLinkLost: false,
  serverUrl: "http://calls.example",
});
const idle = seen();
const at = (phase: CallPhase, changes = {}) => seen({ call: fakeCall(phase, changes) });

test("an incoming call interrupts, with its name and kind", () => {
  expect(announcement(idle, at("incoming"))).toEqual({
    urgency: "assertive",
    text: "Ana Torres is calling, Video call",
  });
});

test("the end of a call interrupts, with its reason", () => {
  expect(announcement(at("live"), at("ended"))).toEqual({
    urgency: "assertive",
    text: "Ana Torres ended the call · 1:15",
  });
});

test.each<[CallPhase, CallPhase, string]>([
  ["dialing", "ringing", "Ringing…"],
  ["ringing", "connecting", "Connecting…"],
  ["connecting", "live", "Connected to Ana Torres"],
  ["live", "reconnecting", "Reconnecting…"],
  ["reconnecting", "live", "Connection restored"],
])("from %s to %s is said politely", (before, after, text) => {
  expect(announcement(at(before), at(after))).toEqual({ urgency: "polite", text });
});

test("connecting is said once, not again after accepting", () => {
  expect(announcement(at("accepting"), at("connecting"))).toBeUndefined();
});

test("a change that is no change of phase says nothing", () => {
  expect(announcement(at("live"), at("live", { interruptions: 1 }))).toBeUndefined();
  expect(announcement(idle, idle)).toBeUndefined();
});

test("another call in the same phase is a change", () => {
  const other = at("incoming", { callId: "f".repeat(32), remote: { user: "ben", displayName: "Ben" } });
  expect(announcement(at("incoming"), other)?.text).toBe("Ben is calling, Video call");
});

test("the server's coming and going is said", () => {
  const lost = seen({ link: "interrupted" });
  expect(announcement(idle, lost)?.text).toBe("No server");
  expect(announcement(lost, { ...lost, isLinkLost: true })).toBeUndefined();
  expect(announcement(lost, idle)?.text).toBe("Connected to the server again");
});

test("what of the other person stands still is said, and that it goes on", () => {
  const paused = (camera: boolean, microphone: boolean) => ({
    ...at("live"),
    details: fakeDetails({ paused: { camera, microphone } }),
  });
  const still = paused(false, false);
  expect(announcement(still, paused(true, true))?.text).toBe("Ana Torres's sound and video are paused.");
  expect(announcement(still, paused(false, true))?.text).toBe("Ana Torres's sound is paused.");
  expect(announcement(paused(true, true), still)?.text).toBe("Sound and video go on");
  expect(announcement(still, still)).toBeUndefined();
});

test("a link that has ended for good is said with its reason", () => {
  const stopped = seen({ link: "stopped", trouble: { code: "bad-user", text: "…" } });
  expect(announcement(idle, stopped)?.text).toMatch(/^The server doesn't take this name/);
  expect(announcement(stopped, stopped)).toBeUndefined();
});

test("in a call a lost server is said once it is lost for long, and that the call goes on", () => {
  const down = { ...at("live"), link: "interrupted" as const };
  const lost = { ...down, isLinkLost: true };
  expect(announcement(at("live"), down)).toBeUndefined();
  expect(announcement(down, at("live"))).toBeUndefined();
  expect(announcement(down, lost)?.text).toBe("Lost contact with the server. Your call continues.");
  expect(announcement(lost, at("live"))?.text).toBe("Connected to the server again");
});

test("50: that the peer holds the call, and that it does no longer, is said politely", () => {
  const held = at("live", { hold: { local: false, remote: true } });
  const text = "On hold: Ana Torres has paused the call.";
  expect(announcement(at("live"), held)).toEqual({ urgency: "polite", text });
  expect(announcement(held, at("live"))).toEqual({ urgency: "polite", text: "No longer on hold" });
  expect(announcement(held, held)).toBeUndefined();
});

test("18: who called in vain during a call is said politely, once", () => {
  const carl = { user: "carl", displayName: "Carl" };
  const talking = { call: fakeCall("live") };
  const missed = seen({ ...talking, recent: [fakeRecent("9", { remote: carl })] });
  expect(announcement(seen(talking), missed)).toEqual({ urgency: "polite", text: "Missed call from Carl" });
  expect(announcement(missed, missed)).toBeUndefined();
  const known = seen({ ...talking, recent: [fakeRecent("9", { remote: carl, seen: true })] });
  expect(announcement(seen(talking), known)).toBeUndefined();
});
