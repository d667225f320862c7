import { Availability, EndReasonSchema, MediaKind, EndReason as WireEndReason } from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import type { EndReason } from "../types.ts";
import {
  availabilityFromWire,
  endReasonFromWire,
  endReasonToWire,
  mediaKindFromWire,
  mediaKindToWire,
} from "./words.ts";

const reasons: readonly (readonly [EndReason, WireEndReason])[] = [
  ["hung-up", WireEndReason.HANGUP],
  ["cancelled", WireEndReason.CANCELLED],
  ["declined", WireEndReason.DECLINED],
  ["busy", WireEndReason.BUSY],
  ["no-answer", WireEndReason.NO_ANSWER],
  ["unreachable", WireEndReason.UNREACHABLE],
  ["answered-elsewhere", WireEndReason.ANSWERED_ELSEWHERE],
  ["declined-elsewhere", WireEndReason.DECLINED_ELSEWHERE],
  ["replaced", WireEndReason.REPLACED],
  ["glare", WireEndReason.GLARE],
  ["connect-failed", WireEndReason.CONNECT_FAILED],
  ["media-lost", WireEndReason.MEDIA_LOST],
  ["peer-lost", WireEndReason.PEER_LOST],
  ["negotiation-failed", WireEndReason.NEGOTIATION_FAILED],
  ["media-device", WireEndReason.MEDIA_DEVICE],
  ["incompatible", WireEndReason.INCOMPATIBLE],
  ["security", WireEndReason.SECURITY],
  ["not-allowed", WireEndReason.NOT_ALLOWED],
  ["server", WireEndReason.SERVER],
  ["max-duration", WireEndReason.MAX_DURATION],
];

const fromTheFuture = 4_711;

describe("end reasons", () => {
  test.each(reasons)("%s travels both ways", (word, wire) => {
    expect(endReasonToWire(word)).toBe(wire);
    expect(endReasonFromWire(wire)).toBe(word);
  });

  test("every one in the schema has a word", () => {
    const named = EndReasonSchema.values.map(({ number }) => number).filter((number) => number !== 0);
    expect(named.toSorted()).toEqual(reasons.map(([, wire]) => wire as number).toSorted());
  });

  test("an unknown one of a newer peer is a plain hang-up, none is none", () => {
    expect(endReasonFromWire(fromTheFuture as WireEndReason)).toBe("hung-up");
    expect(endReasonFromWire(WireEndReason.UNSPECIFIED)).toBeUndefined();
  });
});

describe("media kinds", () => {
  test.each([
    ["audio", MediaKind.AUDIO],
    ["video", MediaKind.VIDEO],
    ["data", MediaKind.DATA],
  ] as const)("%s travels both ways", (word, wire) => {
    expect(mediaKindToWire(word)).toBe(wire);
    expect(mediaKindFromWire(wire)).toBe(word);
  });

  test("an unknown one is answered as audio", () => {
    expect(mediaKindFromWire(fromTheFuture as MediaKind)).toBe("audio");
    expect(mediaKindFromWire(MediaKind.UNSPECIFIED)).toBe("audio");
  });
});

test.each([
  [Availability.ONLINE, "online"],
  [Availability.BUSY, "busy"],
  [Availability.OFFLINE, "offline"],
  [Availability.UNSPECIFIED, "offline"],
  [fromTheFuture as Availability, "offline"],
] as const)("availability %d reads as %s", (wire, word) => {
  expect(availabilityFromWire(wire)).toBe(word);
});
