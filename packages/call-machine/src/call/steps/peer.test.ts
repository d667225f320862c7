import { describe, expect, test } from "vitest";
import { callAfter, inputOf } from "../../docs/call-after.ts";
import { sampleAnswer, sampleCandidates, sampleOffer } from "../../docs/call-samples.ts";
import type { CallEvent } from "../events.ts";
import { applySynced } from "./peer.ts";

const accept: CallEvent = { type: "user.accept", kind: "video" };
const trickled: CallEvent = { type: "remote.candidates", candidates: sampleCandidates };
const held = { type: "peer.addCandidates", candidates: sampleCandidates } as const;

describe("the callee's connection", () => {
  const opened = (changes: Parameters<typeof inputOf>[1]) =>
    callAfter(inputOf("callee", changes), accept).effects.filter(({ type }) => type.startsWith("peer."));
  const open = { type: "peer.open", polite: true, offer: false, generation: 1 } as const;

  test("takes the offer's generation, what the caller binds itself to, and the candidates so far", () => {
    const offer = { ...sampleOffer, generation: 2 };
    expect(opened({ offer, fingerprints: ["AB:CD"] })).toEqual([
      { ...open, generation: 2, remoteFingerprints: ["AB:CD"] },
      { type: "peer.apply", description: offer },
      held,
    ]);
  });

  test("waits for the offer when the invitation brought none", () => {
    const { offer: _, ...bare } = inputOf("callee");
    expect(callAfter(bare, accept).effects.slice(-2)).toEqual([open, held]);
  });
});

test("candidates that come while it rings are added to a connection that answers early, and kept by any other", () => {
  expect(callAfter(inputOf("callee that answers early"), trickled).effects).toEqual([held]);
  const { effects, context } = callAfter(inputOf("callee"), trickled);
  expect([effects, context.held]).toEqual([[], [sampleCandidates, sampleCandidates]]);
});

describe("a hold", () => {
  const live = [{ type: "peer.connected", at: 5 }] as const;
  const state = { revision: 1, microphone: true, camera: false, onHold: true };
  const after = (...events: readonly CallEvent[]) =>
    callAfter(inputOf("callee after a reload, talking"), ...live, ...events).effects;

  test("of the peer stops what is sent, by whichever path it is heard, and another media state does not", () => {
    for (const type of ["remote.mediaState", "peer.mediaState"] as const) {
      expect(after({ type, state })).toEqual([{ type: "peer.setSending", on: false }]);
      expect(after({ type, state: { ...state, onHold: false } })).toEqual([]);
    }
  });

  test("of either side keeps a connection silent that is built meanwhile", () => {
    const stuck: CallEvent = { type: "peer.stuck" };
    const open = { type: "peer.open", polite: true, offer: true, generation: 3 };
    const silent = { type: "peer.setSending", on: false };
    const built = (...events: readonly CallEvent[]) =>
      after({ type: "network.changed" }, { type: "peer.interrupted" }, live[0], ...events).filter(
        ({ type }) => type === "peer.open" || type === "peer.setSending",
      );
    expect(built(stuck)).toEqual([open]);
    expect(built({ type: "user.setHold", on: true }, stuck)).toEqual([open, silent]);
    expect(built({ type: "peer.mediaState", state }, stuck)).toEqual([open, silent]);
  });
});

test("a snapshot without the call brings nothing to apply", () => {
  const { context } = callAfter(inputOf("caller"));
  expect(applySynced.params({ context, event: { type: "server.synced", call: undefined } })).toEqual([]);
});

test("an accept without an answer applies none", () => {
  const described: CallEvent = { type: "peer.described", description: sampleOffer };
  const mediaOn: CallEvent = { type: "media.changed", media: { microphone: "on", camera: "on" } };
  const applied = (answer: typeof sampleAnswer | undefined) => {
    const event = { type: "remote.accepted", rev: 3, mine: false, kind: "video", answer } as const;
    const { effects } = callAfter(inputOf("caller"), described, mediaOn, event);
    return effects.filter(({ type }) => type.startsWith("peer."));
  };
  expect(applied(undefined)).toEqual([]);
  expect(applied(sampleAnswer)).toEqual([{ type: "peer.apply", description: sampleAnswer }]);
});
