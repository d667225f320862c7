import { describe, expect, test } from "vitest";
import { callAfter, inputOf } from "../docs/call-after.ts";
import { sampleAnswer, sampleCall, sampleOffer } from "../docs/call-samples.ts";
import type { DescriptionSignal } from "../types.ts";
import type { CallEvent } from "./events.ts";
import { newestGeneration, syncedMine, syncedNewerGeneration, syncedRinging } from "./guards.ts";

const mediaOn: CallEvent = { type: "media.changed", media: { microphone: "on", camera: "on" } };
const described: CallEvent = { type: "peer.described", description: sampleOffer };
const invited: CallEvent = { type: "server.invited", ringRemainingMs: 60_000 };
const early: CallEvent = { type: "remote.alerting", rev: 2, answer: sampleAnswer };
const { snapshot, context } = callAfter(inputOf("caller"), described, mediaOn, invited, early);

const synced = (...descriptions: readonly DescriptionSignal[]): CallEvent => ({
  type: "server.synced",
  call: sampleCall(snapshot, { descriptions }),
});
const absent: CallEvent = { type: "server.synced", call: undefined };
const offered = (generation: number) => ({ ...sampleOffer, generation });

describe("a call that the server does not know", () => {
  test("does not ring, is not accepted, and has no newer connection", () => {
    const situation = { context, event: absent };
    expect([syncedRinging(situation), syncedMine(situation), syncedNewerGeneration(situation)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(newestGeneration(absent, 4)).toBe(4);
  });
});

describe("the newest generation", () => {
  test("is that of an offer, never of an answer, and not below the one that is known", () => {
    expect(newestGeneration(synced(offered(2), offered(3), { ...sampleAnswer, generation: 9 }), 1)).toBe(3);
    expect(newestGeneration(synced(offered(2)), 5)).toBe(5);
    expect(newestGeneration({ type: "remote.described", description: offered(7) }, 5)).toBe(7);
  });
});

describe("a connection that was made while it rang", () => {
  const input = inputOf("caller");
  const opens = (event: CallEvent) =>
    callAfter(input, described, mediaOn, invited, early, event).effects.some(
      ({ type }) => type === "peer.open",
    );
  const accepted = { type: "remote.accepted", rev: 3, mine: false, kind: "video" } as const;

  test("gives way to a new one when the accept comes without its answer", () => {
    expect(opens({ ...accepted, answer: sampleAnswer })).toBe(false);
    expect(opens({ ...accepted, answer: undefined })).toBe(true);
  });

  test("is told from another device's by the answer in the snapshot, whatever was offered since", () => {
    expect(opens(synced(sampleAnswer, { ...sampleOffer, offerNumber: 2 }))).toBe(false);
    expect(opens(synced({ ...sampleAnswer, sdp: "of another device" }))).toBe(true);
  });
});
