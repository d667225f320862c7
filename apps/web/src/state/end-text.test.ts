import type { EndedBy, EndReason, Role } from "@peerline/call-machine";
import { expect, test } from "vitest";
import { endText } from "./end-text.ts";

function say(reason: EndReason, role: Role, by: EndedBy, talkedMs?: number): string {
  return endText({ end: { reason, by, talkedMs }, role, name: "Ana" });
}

test.each<[EndReason, Role, EndedBy, string]>([
  ["hung-up", "caller", "me", "You ended the call · 1:15"],
  ["hung-up", "callee", "them", "Ana ended the call · 1:15"],
  ["hung-up", "caller", "server", "The call ended · 1:15"],
])("%s by %s %s, after talking: %s…", (reason, role, by, text) => {
  expect(say(reason, role, by, 75_000)).toBe(text);
});

test.each<[EndReason, Role, EndedBy, string]>([
  ["hung-up", "caller", "them", "Ana ended the call"],
  ["cancelled", "caller", "me", "You cancelled the call"],
  ["cancelled", "callee", "them", "Missed call from Ana"],
  ["declined", "caller", "them", "Ana can't talk right now"],
  ["declined", "callee", "me", "You declined the call"],
  ["busy", "caller", "them", "Ana is on another call"],
  ["busy", "callee", "me", "Missed call from Ana"],
  ["no-answer", "caller", "server", "No answer"],
  ["no-answer", "callee", "server", "Missed call from Ana"],
  ["unreachable", "caller", "server", "Ana can't be reached"],
  ["answered-elsewhere", "callee", "server", "Answered on another device"],
  ["declined-elsewhere", "callee", "them", "Declined on another device"],
  ["replaced", "caller", "server", "You opened the app in another tab"],
  ["replaced", "callee", "them", "Ana is calling again"],
  ["glare", "caller", "server", "You called each other. Connecting…"],
  ["connect-failed", "caller", "me", "Couldn't connect the call. A firewall or VPN may be blocking it."],
  ["media-lost", "caller", "me", "The connection was lost and couldn't be restored."],
  ["peer-lost", "caller", "server", "Ana's connection dropped and didn't come back."],
  ["media-device", "caller", "me", "Your camera and microphone can't be used."],
  ["media-device", "caller", "them", "Ana's camera and microphone can't be used."],
  ["incompatible", "caller", "me", "Ana's app and yours have no audio or video format in common."],
  ["not-allowed", "caller", "server", "You can't call Ana."],
  ["server", "caller", "server", "The server is restarting. Call again in a moment."],
])("%s, seen by the %s, by %s: %s", (reason, role, by, text) => {
  expect(say(reason, role, by)).toBe(text);
});

test("only a hang-up tells how long both talked", () => {
  expect(say("media-lost", "caller", "me", 75_000)).not.toContain("1:15");
});

test("11: a call that another device has answered names that device", () => {
  const end = { reason: "answered-elsewhere", by: "server", talkedMs: undefined } as const;
  expect(endText({ end: { ...end, device: "Firefox on Android" }, role: "callee", name: "Ana" })).toBe(
    "Answered on Firefox on Android",
  );
});

test("a reason that only another version knows, and a length that is none, are said plainly", () => {
  const end = { reason: "constructor" as EndReason, by: "server", talkedMs: Number.NaN } as const;
  expect(endText({ end, role: "callee", name: "Ana" })).toBe("Call ended");
  expect(endText({ end: { ...end, reason: "hung-up" }, role: "callee", name: "Ana" })).toBe("The call ended");
});
