import { expect, test } from "vitest";
import { callAfter, inputOf } from "../../docs/call-after.ts";
import { sampleAnswer, sampleCandidates, sampleOffer } from "../../docs/call-samples.ts";
import type { CallEvent } from "../events.ts";
import { sendAccept, sendInvite } from "./signals.ts";

const mediaOn: CallEvent = { type: "media.changed", media: { microphone: "on", camera: "on" } };
const fingerprints = ["AB:CD"];
const start = { type: "timer.start", id: "result", afterMs: 32_000 };

test("Invite and Accept say what their endpoint binds itself to", () => {
  const described: CallEvent = { type: "peer.described", description: sampleOffer, fingerprints };
  const invite = { type: "invite", callee: "ben", kind: "video", offer: sampleOffer, fingerprints };
  expect(callAfter(inputOf("caller"), described, mediaOn).effects).toEqual([
    { type: "signal", command: invite },
    start,
  ]);
  const answered: CallEvent = { type: "peer.described", description: sampleAnswer, fingerprints };
  const accept: CallEvent = { type: "user.accept", kind: "video" };
  expect(callAfter(inputOf("callee"), accept, answered, mediaOn).effects).toEqual([
    { type: "signal", command: { type: "accept", kind: "video", answer: sampleAnswer, fingerprints } },
    start,
  ]);
});

test("nothing is sent without the description that belongs to it, not even candidates", () => {
  const { context } = callAfter(inputOf("caller"), { type: "peer.candidates", candidates: sampleCandidates });
  const situation = { context, event: mediaOn };
  expect([context.gathered.length, sendInvite.params(situation), sendAccept.params(situation)]).toEqual([
    1,
    [],
    [],
  ]);
});

test("a device that nobody has allowed yet holds neither Invite nor Accept back", () => {
  const waiting: CallEvent = { type: "media.changed", media: { microphone: "waiting", camera: "waiting" } };
  const described: CallEvent = { type: "peer.described", description: sampleOffer };
  const sent = (...events: CallEvent[]) =>
    callAfter(inputOf(events[0]?.type === "user.accept" ? "callee" : "caller"), ...events).effects.flatMap(
      (effect) => (effect.type === "signal" ? [effect.command.type] : []),
    );
  expect(sent(described, waiting)).toEqual(["invite"]);
  const answered: CallEvent = { type: "peer.described", description: sampleAnswer };
  expect(sent({ type: "user.accept", kind: "video" }, answered, waiting)).toEqual(["accept"]);
});
