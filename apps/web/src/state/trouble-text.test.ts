import type { LinkTroubleCode } from "@peerline/call-machine";
import { expect, test } from "vitest";
import { troubleText } from "./trouble-text.ts";

const server = "http://calls.example";

const passing = (link: "connecting" | "interrupted", code?: LinkTroubleCode) =>
  troubleText({ link, stopped: undefined, ...(code ? { trouble: { code, text: "…" } } : {}) }, server);

const final = (code: LinkTroubleCode) =>
  troubleText({ link: "stopped", stopped: undefined, trouble: { code, text: "…" } }, server);

test("a link that is up, or has not failed yet, has no trouble", () => {
  expect([troubleText({ link: "online", stopped: undefined }, server), passing("connecting")]).toEqual([
    undefined,
    undefined,
  ]);
});

test.each<[LinkTroubleCode | undefined, string]>([
  [undefined, "http://calls.example doesn't answer. Is the server running?"],
  ["unreachable", "http://calls.example doesn't answer. Is the server running?"],
  ["offline", "This device has no network."],
  ["wrong-server", "What answers at http://calls.example is no Peerline server."],
  ["no-token", "http://calls.example doesn't answer. Is the server running?"],
])("%s is tried again, and says so", (code, text) => {
  const said = passing("interrupted", code);
  expect([said?.startsWith(text), said?.endsWith("Trying again…")]).toEqual([true, true]);
});

test.each<[LinkTroubleCode, string]>([
  ["wrong-server", "What answers at http://calls.example is no Peerline server."],
  ["no-token", "http://calls.example has no sign-in by name alone."],
  ["refused", "http://calls.example doesn't let you in."],
  ["bad-user", "The server doesn't take this name."],
  ["superseded", "Peerline was opened as you somewhere else."],
  ["unsupported-version", "This page is older than the server."],
  ["closed", "You are signed out."],
  ["signed-out", "You are signed out."],
])("%s is final, and names the fix without a word of trying", (code, text) => {
  const said = final(code);
  expect([said?.startsWith(text), said?.includes("Trying again")]).toEqual([true, false]);
});

test("what is final for a reason without words of its own says what was said", () => {
  const stopped = { code: "not-allowed", text: "Your account is closed." } as const;
  expect(troubleText({ link: "stopped", stopped }, server)).toBe("Your account is closed.");
  expect(final("unreachable")).toBe("…");
});
