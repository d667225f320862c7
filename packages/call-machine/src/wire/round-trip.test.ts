import { clone, create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CallPhase,
  type CallState,
  CallStateSchema,
  type Command,
  CommandSchema,
  Description_Type,
  DescriptionSchema,
  MediaKind,
  MediaStateSchema,
  PresenceUpdate_ItemSchema,
  Role,
  EndReason as WireEndReason,
} from "@peerline/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CallCommand } from "../call/effects.ts";
import { sampleCandidates, sampleOffer } from "../docs/call-samples.ts";
import type { CandidatesSignal, DescriptionSignal, MediaStateSignal } from "../types.ts";
import { fromHex, toHex } from "./ids.ts";
import {
  fromCallState,
  fromCandidates,
  fromDescription,
  fromMediaState,
  fromParty,
  fromPresence,
} from "./inbound.ts";
import { toAction, toCandidates, toDescription, toMediaState } from "./outbound.ts";

const callId = "00112233445566778899aabbccddeeff";
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const count = fc.integer({ min: 0, max: 0x7fff_ffff });

const descriptions: fc.Arbitrary<DescriptionSignal> = fc.record({
  type: fc.constantFrom("offer" as const, "answer" as const, "reject" as const),
  sdp: fc.string({ unit: "grapheme", maxLength: 200 }),
  generation: count,
  offerNumber: count,
  iceRestart: fc.boolean(),
});

const candidates: fc.Arbitrary<CandidatesSignal> = fc.record({
  generation: uint32,
  ufrag: fc.string({ maxLength: 8 }),
  firstIndex: uint32,
  list: fc.array(fc.record({ candidate: fc.string(), sdpMid: fc.string(), sdpMLineIndex: uint32 }), {
    maxLength: 4,
  }),
  end: fc.boolean(),
});

const mediaStates: fc.Arbitrary<MediaStateSignal> = fc.record({
  revision: uint32,
  microphone: fc.boolean(),
  camera: fc.boolean(),
  onHold: fc.boolean(),
});

function overTheWire(command: CallCommand): Command["action"] {
  const message = create(CommandSchema, { clientSeq: 1n, action: toAction(callId, command) });
  return fromBinary(CommandSchema, toBinary(CommandSchema, message)).action;
}

function property<T>(title: string, values: fc.Arbitrary<T>, holds: (value: T) => void): void {
  test(title, () => fc.assert(fc.property(values, holds), { seed: 20_260_101, numRuns: 300 }));
}

describe("what is sent is what is received", () => {
  property("a description", descriptions, (description) => {
    const action = overTheWire({ type: "describe", description });
    expect(action.case === "description" && fromDescription(action.value)).toEqual(description);
  });

  property("candidates", candidates, (signal) => {
    const action = overTheWire({ type: "candidates", candidates: signal });
    expect(action.case === "candidates" && fromCandidates(action.value)).toEqual(signal);
  });

  property("a media state", mediaStates, (state) => {
    const action = overTheWire({ type: "mediaState", state });
    expect(action.case === "mediaState" && fromMediaState(action.value)).toEqual(state);
  });

  property("an invite", descriptions, (offer) => {
    const action = overTheWire({ type: "invite", callee: "ben", kind: "data", offer });
    if (action.case !== "invite") throw new Error(`became ${action.case}`);
    const { calleeUser, kind } = action.value;
    expect([toHex(action.value.callId), calleeUser, kind, fromDescription(action.value.offer)]).toEqual([
      callId,
      "ben",
      MediaKind.DATA,
      offer,
    ]);
  });

  property("an accept", descriptions, (answer) => {
    const action = overTheWire({ type: "accept", kind: "video", answer });
    if (action.case !== "accept") throw new Error(`became ${action.case}`);
    expect([toHex(action.value.callId), action.value.kind, fromDescription(action.value.answer)]).toEqual([
      callId,
      MediaKind.VIDEO,
      answer,
    ]);
  });

  test("alerting and end name the call", () => {
    expect(overTheWire({ type: "alerting" })).toMatchObject({
      case: "alerting",
      value: { callId: fromHex(callId) },
    });
    expect(overTheWire({ type: "end", reason: "media-lost" })).toMatchObject({
      case: "end",
      value: { callId: fromHex(callId), reason: WireEndReason.MEDIA_LOST },
    });
  });
});

describe("bytes that other implementations must read", () => {
  const bytesOf = (command: CallCommand) =>
    toHex(
      toBinary(CommandSchema, create(CommandSchema, { clientSeq: 7n, action: toAction(callId, command) })),
    );

  test.each([
    [{ type: "alerting" }, "08071a120a1000112233445566778899aabbccddeeff"],
    [{ type: "end", reason: "hung-up" }, "08072a140a1000112233445566778899aabbccddeeff1001"],
    [
      { type: "mediaState", state: { revision: 3, microphone: true, camera: false, onHold: false } },
      "08074a320a1000112233445566778899aabbccddeeff10031a0e0a0a6d6963726f70686f6e6510001a0a0a0663616d65726110012000",
    ],
    [
      { type: "candidates", candidates: sampleCandidates },
      "080742300a1000112233445566778899aabbccddeeff10011a02753120002a120a0b612063616e64696461746512013018003001",
    ],
    [
      { type: "describe", description: sampleOffer },
      "08073a240a1000112233445566778899aabbccddeeff1001180120012a08616e206f666665723800",
    ],
  ] as const)("%j", (command, hex) => {
    expect(bytesOf(command)).toBe(hex);
  });
});

describe("what a newer or another peer may send", () => {
  test("a description of an unknown type, a provisional answer, and a sealed one are not usable", () => {
    const wire = toDescription(callId, sampleOffer);
    expect(fromDescription(undefined)).toBeUndefined();
    expect(fromDescription({ ...wire, type: 99 as Description_Type })).toBeUndefined();
    expect(fromDescription({ ...wire, type: Description_Type.PRANSWER })).toBeUndefined();
    expect(fromDescription({ ...wire, body: { case: "sealed", value: new Uint8Array(3) } })).toBeUndefined();
  });

  test("a rejection needs no text", () => {
    const reject = create(DescriptionSchema, {
      type: Description_Type.REJECT,
      pcGeneration: 1,
      offerNumber: 2,
    });
    expect(fromDescription(reject)).toEqual({
      type: "reject",
      sdp: "",
      generation: 1,
      offerNumber: 2,
      iceRestart: false,
    });
  });

  test("a source of an unknown label changes neither microphone nor camera, a missing one sends nothing", () => {
    const wire = create(MediaStateSchema, {
      revision: 1,
      tracks: [{ label: "x-hologram" }, { label: "camera" }],
    });
    expect(fromMediaState(wire)).toEqual({ revision: 1, microphone: false, camera: true, onHold: false });
  });

  test("a party without a name is called by its user, and none is nobody", () => {
    expect(fromParty(undefined)).toEqual({ user: "", displayName: "" });
    const party = { user: "ben", displayName: "" } as Parameters<typeof fromParty>[0];
    expect(fromParty(party)).toEqual({ user: "ben", displayName: "ben" });
  });

  test("presence reads with the user as the name", () => {
    const item = create(PresenceUpdate_ItemSchema, { user: "ben", availability: 3, version: 5n, bot: true });
    expect(fromPresence(item)).toEqual({
      user: "ben",
      displayName: "ben",
      availability: "busy",
      bot: true,
      version: 5,
    });
  });
});

describe("a call's state", () => {
  const party = "01".repeat(16);
  const wire = create(CallStateSchema, {
    callId: fromHex(callId),
    rev: 4n,
    phase: CallPhase.ACTIVE,
    role: Role.CALLEE,
    remote: { user: "ben", displayName: "Ben" },
    localParty: fromHex(party),
    selectedParty: fromHex(party),
    kind: MediaKind.VIDEO,
    descriptions: [toDescription(callId, sampleOffer)],
    candidates: [toCandidates(callId, sampleCandidates)],
    media: [toMediaState(callId, { revision: 1, microphone: true, camera: true, onHold: false })],
  });

  /** A copy that keeps the defaults of what is not set. */
  const changed = (fields: Partial<CallState>) => Object.assign(clone(CallStateSchema, wire), fields);

  test("reads whole", () => {
    expect(fromCallState(wire)).toEqual({
      callId,
      rev: 4,
      phase: "active",
      role: "callee",
      remote: { user: "ben", displayName: "Ben" },
      kind: "video",
      ringRemainingMs: 0,
      endReason: undefined,
      mine: true,
      descriptions: [sampleOffer],
      candidates: [sampleCandidates],
      media: { revision: 1, microphone: true, camera: true, onHold: false },
    });
  });

  test("is mine for the caller and for the endpoint that was selected, not for one that is only offered it", () => {
    expect(fromCallState(changed({ selectedParty: fromHex("02".repeat(16)) })).mine).toBe(false);
    expect(
      fromCallState(changed({ selectedParty: new Uint8Array(), localParty: new Uint8Array() })).mine,
    ).toBe(false);
    expect(fromCallState(changed({ role: Role.CALLER, selectedParty: new Uint8Array() })).mine).toBe(true);
  });

  test("of an unknown phase is over: nothing can be done in it", () => {
    expect(fromCallState(changed({ phase: 9 as CallPhase })).phase).toBe("ended");
  });
});
