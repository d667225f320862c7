import { PeerlineError } from "@peerline/client";
import { expect, test } from "vitest";
import { exitCodeOf, exitCodeOfError, SessionOver } from "./exit-codes.ts";

test.each([
  ["declined", undefined, false, 4],
  ["busy", undefined, false, 4],
  ["no-answer", undefined, false, 4],
  ["unreachable", undefined, false, 4],
  ["hung-up", 1_000, true, 0],
  ["hung-up", 1_000, false, 5],
  ["connect-failed", undefined, false, 5],
  ["media-lost", 1_000, true, 5],
  ["peer-lost", 1_000, true, 0],
] as const)("a call that ended %s after %s ms (heard: %s) exits with %i", (reason, talkedMs, heard, code) => {
  expect(exitCodeOf({ reason, talkedMs }, heard)).toBe(code);
});

test.each([
  ["a session that the server ended", new SessionOver("refused"), 3],
  ["an option that cannot work", new PeerlineError("invalid-option", "no"), 2],
  ["a server that does not answer", new PeerlineError("unreachable", "no"), 3],
  ["a defect", new TypeError("no"), 1],
  ["a defect that is no error", undefined, 1],
])("%s exits with its code", (_, error, code) => {
  expect(exitCodeOfError(error)).toBe(code);
});
