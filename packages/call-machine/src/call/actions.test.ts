import { describe, expect, test } from "vitest";
import { callAfter, inputOf } from "../docs/call-after.ts";
import { sampleAnswer, sampleCall, sampleCandidates, sampleOffer } from "../docs/call-samples.ts";
import type { CallEvent } from "./events.ts";

const caller = inputOf("caller");
const callee = inputOf("callee");
const bot = inputOf("callee that accepts by itself");

const mediaOn: CallEvent = { type: "media.changed", media: { microphone: "on", camera: "on" } };
const described: CallEvent = { type: "peer.described", description: sampleOffer, fingerprints: ["AB:CD"] };
const answered: CallEvent = { type: "peer.described", description: sampleAnswer, fingerprints: ["12:34"] };
const invited: CallEvent = { type: "server.invited", ringRemainingMs: 60_000 };
const accepted = {
  type: "remote.accepted",
  rev: 3,
  mine: false,
  kind: "audio",
  answer: sampleAnswer,
} as const;
const mine = { ...accepted, mine: true, answer: undefined } as const;
const ringing = [described, mediaOn, invited];
const accept: CallEvent = { type: "user.accept", kind: "video" };

describe("what the devices do", () => {
  test("is that those are opening which the call is for", () => {
    const opening = (kind: "data" | "audio" | "video") => callAfter({ ...caller, kind }).context.media;
    expect(opening("video")).toEqual({ microphone: "opening", camera: "opening" });
    expect(opening("audio")).toEqual({ microphone: "opening", camera: "off" });
    expect(opening("data")).toEqual({ microphone: "off", camera: "off" });
  });

  test("is noted, also when nothing that is sent changes", () => {
    const media = { microphone: "denied", camera: "on" } as const;
    const off = { microphone: "off", camera: "on" } as const;
    const live = [...ringing, accepted, { type: "media.changed", media: off } as const];
    const { context, effects } = callAfter(caller, ...live, { type: "media.changed", media });
    expect([context.media, effects]).toEqual([media, []]);
  });

  test("is told when the microphone alone changes", () => {
    const media = { microphone: "off", camera: "on" } as const;
    const state = { revision: 1, microphone: false, camera: true, onHold: false };
    expect(callAfter(caller, ...ringing, accepted, { type: "media.changed", media }).effects).toEqual([
      { type: "signal", command: { type: "mediaState", state } },
      { type: "peer.say", signal: { type: "mediaState", state } },
    ]);
  });
});

describe("an end that the server tells", () => {
  test("is by the one whom it names, at its revision", () => {
    const end = { type: "remote.ended", rev: 9, reason: "peer-lost", by: "server" } as const;
    const { snapshot, context } = callAfter(caller, ...ringing, accepted, end);
    expect([snapshot.output?.reason, snapshot.output?.by, context.rev]).toEqual(["peer-lost", "server", 9]);
  });

  test("changes nothing once the call is over", () => {
    const bye: CallEvent = { type: "peer.bye", reason: "hung-up" };
    const end = { type: "remote.ended", rev: 9, reason: "peer-lost", by: "server" } as const;
    const { snapshot, effects } = callAfter(caller, ...ringing, accepted, bye, end);
    expect([snapshot.output?.reason, snapshot.output?.by, effects]).toEqual(["hung-up", "them", []]);
  });
});

describe("what both talk with", () => {
  test("is for the caller what the callee took, for the callee what it took itself", () => {
    expect(callAfter(caller, ...ringing, accepted).context.kind).toBe("audio");
    expect(callAfter(callee, accept, answered, mediaOn, mine).context.kind).toBe("video");
    expect(callAfter(bot).context.kind).toBe("audio");
  });
});

describe("a ticket", () => {
  const talking = [accept, answered, mediaOn, { type: "server.accepted", ticket: "0a" }] as const;

  test("comes with the Accept's result, and stays when a later event has none", () => {
    expect(callAfter(callee, ...talking).context.ticket).toBe("0a");
    expect(callAfter(callee, ...talking, { ...mine, rev: 4 }).context.ticket).toBe("0a");
  });

  test("comes with an accept that is heard again, whose revision does not go back", () => {
    const { context } = callAfter(callee, ...talking, { ...mine, rev: 9 }, { ...mine, rev: 4, ticket: "0b" });
    expect([context.ticket, context.rev]).toEqual(["0b", 9]);
  });
});

describe("the generation of a connection that is built anew", () => {
  const restored = inputOf("caller after a reload, ringing");
  const generationAfter = (event: CallEvent) => callAfter(restored, event).context.generation;

  test("is above the one of the answer", () => {
    expect(generationAfter({ ...accepted, answer: { ...sampleAnswer, generation: 3 } })).toBe(4);
    expect(generationAfter({ ...accepted, answer: undefined })).toBe(2);
  });

  test("is above the one in the server's snapshot", () => {
    const synced = (generation?: number): CallEvent => {
      const call = sampleCall(callAfter(restored).snapshot, generation ? { generation } : {});
      return { type: "server.synced", call };
    };
    expect(generationAfter(synced(3))).toBe(4);
    expect(generationAfter(synced())).toBe(2);
  });
});

test("candidates of a snapshot replace those that a ringing callee holds, and no others", () => {
  const more = { ...sampleCandidates, firstIndex: 1 };
  const held = (input: typeof caller, phase: "ringing" | "active", ...events: readonly CallEvent[]) => {
    const call = sampleCall(callAfter(input, ...events).snapshot, { phase, candidates: [more] });
    return callAfter(input, ...events, { type: "server.synced", call }).context.held;
  };
  expect(held(callee, "ringing")).toEqual([more]);
  expect(held(callee, "active", accept, answered, mediaOn)).toEqual([sampleCandidates]);
  expect(held(caller, "ringing", ...ringing)).toEqual([]);
});

test("candidates that come while it rings are kept up to a limit, the first ones first", () => {
  const trickled = (firstIndex: number): CallEvent => ({
    type: "remote.candidates",
    candidates: { ...sampleCandidates, firstIndex },
  });
  const many = Array.from({ length: 1_000 }, (_none, place) => trickled(place));
  const { held } = callAfter(callee, ...many).context;
  expect([held.length, held[0]?.firstIndex, held.at(-1)?.firstIndex]).toEqual([64, 0, 62]);
});
