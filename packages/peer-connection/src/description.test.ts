import { expect, test } from "vitest";
import { fingerprints, iceUfrags, refusal } from "./description.ts";

const lines = (...more: string[]) => ["v=0", "a=group:BUNDLE 0", ...more, ""].join("\r\n");

test("ufrags are read once each, with any line ending", () => {
  expect(iceUfrags(lines("a=ice-ufrag:abcd", "m=audio", "a=ice-ufrag:abcd", "a=ice-ufrag:ef/+"))).toEqual([
    "abcd",
    "ef/+",
  ]);
  expect(iceUfrags("v=0\na=ice-ufrag:abcd\n")).toEqual(["abcd"]);
  expect(iceUfrags("a=ice-options:ice-ufrag:no")).toEqual([]);
});

test("fingerprints do not depend on their order or case", () => {
  const one = lines("a=fingerprint:sha-256 AB:CD", "a=fingerprint:sha-512 01:02");
  const other = lines(
    "a=fingerprint:SHA-512 01:02",
    "a=fingerprint:sha-256 ab:cd",
    "a=fingerprint:sha-256 AB:CD",
  );
  expect(fingerprints(one)).toEqual(["sha-256 ab:cd", "sha-512 01:02"]);
  expect(fingerprints(other)).toEqual(fingerprints(one));
});

test.each([
  ["a usual description", lines("m=audio 9 UDP/TLS/RTP/SAVPF 111"), undefined],
  ["other text", "hello", "not-sdp"],
  ["nothing", "", "not-sdp"],
  ["more than 64 KiB", lines("a=x:".padEnd(65_536, "é")), "too-large"],
  ["33 m-lines", lines(...Array<string>(33).fill("m=audio 9 X 0")), "too-many-media-lines"],
  ["32 m-lines", lines(...Array<string>(32).fill("m=audio 9 X 0")), undefined],
  ["257 candidates", lines(...Array<string>(257).fill("a=candidate:1")), "too-many-candidates"],
  ["no bundle", "v=0\r\nm=audio 9 X 0\r\n", "no-bundle"],
])("%s is refused before the platform sees it, or not", (_what, sdp, why) => {
  expect(refusal(sdp)).toBe(why);
});
