import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  CallPhase,
  CallStateSchema,
  CommandResultSchema,
  Description_Type,
  ErrorCode,
  EventSchema,
  MediaKind,
  PartyStatus_Reachability,
  Role,
  EndReason as WireEndReason,
} from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import type { CallEvent } from "../call/events.ts";
import { sampleAnswer, sampleCandidates, sampleOffer } from "../docs/call-samples.ts";
import { incomingCall } from "../docs/session-samples.ts";
import type { SessionEvent } from "../session/events.ts";
import type { Role as OwnRole } from "../types.ts";
import { fromHex } from "./ids.ts";
import { fromCallState } from "./inbound.ts";
import { toAction, toCandidates, toDescription, toMediaState } from "./outbound.ts";
import { translateEvent, translateResult } from "./translate.ts";

const callId = "0b".repeat(16);
const bytes = fromHex(callId);

type Body = NonNullable<MessageInitShape<typeof EventSchema>["body"]>;

function translated(body: Body, role?: OwnRole): SessionEvent | undefined {
  return translateEvent(create(EventSchema, { offset: 1n, callId: bytes, callRev: 5n, body }), () => role);
}

const signalled = (event: CallEvent): SessionEvent => ({ type: "remote.signalled", callId, event });

const ringingHere: MessageInitShape<typeof CommandResultSchema>["state"] = {
  callId: bytes,
  rev: 1n,
  phase: CallPhase.RINGING,
  role: Role.CALLEE,
  remote: { user: "ben", displayName: "Ben" },
  kind: MediaKind.VIDEO,
  ringRemaining: { seconds: 60n },
  candidates: [toCandidates(callId, sampleCandidates)],
};

describe("events", () => {
  test("an incoming call brings its offer, and the event's revision", () => {
    const offer = toDescription(callId, sampleOffer);
    expect(translated({ case: "incoming", value: { call: ringingHere, offer } })).toEqual({
      type: "remote.incoming",
      call: incomingCall({ rev: 5 }),
    });
  });

  test("an incoming call without a call is nothing; without an offer it keeps those of its state", () => {
    expect(translated({ case: "incoming", value: {} })).toBeUndefined();
    const descriptions = [toDescription(callId, sampleOffer)];
    expect(translated({ case: "incoming", value: { call: { ...ringingHere, descriptions } } })).toEqual({
      type: "remote.incoming",
      call: incomingCall({ rev: 5 }),
    });
  });

  test.each([
    ["alerting", { case: "remoteAlerting", value: { endpoints: 2 } }, { type: "remote.alerting", rev: 5 }],
    [
      "alerting with an early answer",
      {
        case: "remoteAlerting",
        value: { endpoints: 1, earlyAnswer: toDescription(callId, sampleAnswer) },
      },
      { type: "remote.alerting", rev: 5, answer: sampleAnswer },
    ],
    [
      "an accept",
      { case: "accepted", value: { kind: MediaKind.AUDIO, answer: toDescription(callId, sampleAnswer) } },
      { type: "remote.accepted", rev: 5, mine: false, kind: "audio", answer: sampleAnswer },
    ],
    [
      "the own accept",
      { case: "accepted", value: { kind: MediaKind.VIDEO, mine: true } },
      { type: "remote.accepted", rev: 5, mine: true, kind: "video", answer: undefined },
    ],
    [
      "an unreachable peer",
      { case: "partyStatus", value: { reachability: PartyStatus_Reachability.UNREACHABLE } },
      { type: "remote.reachability", reachable: false },
    ],
    [
      "a peer that is back",
      { case: "partyStatus", value: { reachability: PartyStatus_Reachability.REATTACHED } },
      { type: "remote.reachability", reachable: true },
    ],
    [
      "a description",
      { case: "description", value: toDescription(callId, sampleOffer) },
      { type: "remote.described", description: sampleOffer },
    ],
    [
      "candidates",
      { case: "candidates", value: toCandidates(callId, sampleCandidates) },
      { type: "remote.candidates", candidates: sampleCandidates },
    ],
    [
      "a media state",
      {
        case: "mediaState",
        value: toMediaState(callId, { revision: 2, microphone: true, camera: false, onHold: true }),
      },
      { type: "remote.mediaState", state: { revision: 2, microphone: true, camera: false, onHold: true } },
    ],
  ] as const satisfies readonly (readonly [string, Body, CallEvent])[])(
    "%s is a signal of its call",
    (_, body, event) => {
      expect(translated(body)).toEqual(signalled(event));
    },
  );

  test.each([
    ["caller", Role.CALLEE, "them"],
    ["caller", Role.CALLER, "server"],
    ["caller", Role.SERVER, "server"],
    ["callee", Role.CALLER, "them"],
    ["callee", Role.CALLEE, "server"],
    ["callee", Role.UNSPECIFIED, "server"],
    [undefined, Role.CALLER, "server"],
  ] as const)("for the %s an end by role %d is by %s", (role, by, who) => {
    const body: Body = { case: "ended", value: { reason: WireEndReason.DECLINED, by } };
    expect(translated(body, role)).toEqual(
      signalled({ type: "remote.ended", rev: 5, reason: "declined", by: who }),
    );
  });

  test("an end without a reason is a hang-up", () => {
    const event = translated({ case: "ended", value: { by: Role.CALLER } }, "callee");
    expect(event).toEqual(signalled({ type: "remote.ended", rev: 5, reason: "hung-up", by: "them" }));
  });

  test("row 96: relays, notices, unusable descriptions and bodies of a newer server mean nothing to the machines", () => {
    const provisional = { ...toDescription(callId, sampleAnswer), type: Description_Type.PRANSWER };
    expect(translated({ case: "relay", value: {} })).toBeUndefined();
    expect(translated({ case: "notice", value: { text: "maintenance at noon" } })).toBeUndefined();
    expect(translated({ case: "description", value: provisional })).toBeUndefined();
    expect(translated({ case: undefined })).toBeUndefined();
  });
});

describe("results", () => {
  const invite = toAction(callId, { type: "invite", callee: "ben", kind: "video", offer: sampleOffer });
  const accept = toAction(callId, { type: "accept", kind: "video", answer: sampleAnswer });
  const result = (init: MessageInitShape<typeof CommandResultSchema>) => create(CommandResultSchema, init);
  const refused = (reason: Extract<CallEvent, { type: "server.refused" }>["reason"]) =>
    signalled({ type: "server.refused", reason });

  const ringing = { ...ringingHere, role: Role.CALLER, candidates: [] };

  test.each([
    [
      "an invite that rings",
      { applied: true, state: ringing },
      signalled({ type: "server.invited", ringRemainingMs: 60_000 }),
    ],
    [
      "row 5: an invite that rang already",
      { applied: false, state: ringing },
      signalled({ type: "server.invited", ringRemainingMs: 60_000 }),
    ],
    [
      "an invite that was accepted before its result",
      {
        applied: false,
        state: { ...ringing, phase: CallPhase.ACTIVE, ringRemaining: { seconds: 0n } },
        ticket: new Uint8Array([0xab]),
      },
      signalled({
        type: "server.synced",
        call: {
          ...fromCallState(create(CallStateSchema, { ...ringing, phase: CallPhase.ACTIVE })),
          ringRemainingMs: 0,
          ticket: "ab",
        },
      }),
    ],
    [
      "row 7: an invite that was cancelled before",
      { applied: false, state: { ...ringing, phase: CallPhase.ENDED, endReason: WireEndReason.CANCELLED } },
      refused("cancelled"),
    ],
    [
      "row 18: an invite to someone busy",
      { applied: false, state: { ...ringing, phase: CallPhase.ENDED, endReason: WireEndReason.BUSY } },
      refused("busy"),
    ],
    [
      "an invite that ended without a reason",
      { state: { ...ringing, phase: CallPhase.ENDED } },
      refused("server"),
    ],
    ["a forbidden invite", { error: { code: ErrorCode.NOT_ALLOWED } }, refused("not-allowed")],
    [
      "an invite to a call that is no more",
      { error: { code: ErrorCode.NO_SUCH_CALL } },
      refused("cancelled"),
    ],
    ["one invite too many", { error: { code: ErrorCode.RATE_LIMITED } }, refused("not-allowed")],
    ["an invite that the server cannot take", { error: { code: ErrorCode.OVERLOADED } }, refused("server")],
    ["an answer of a newer server without a state", {}, refused("server")],
  ] as const)("%s", (_, init, event) => {
    expect(translateResult(invite, result(init))).toEqual(event);
  });

  test("row 1: an invite that lost to a crossing one names the call that lives", () => {
    const state = { ...ringingHere, endReason: WireEndReason.GLARE, callId: fromHex("0c".repeat(16)) };
    expect(translateResult(invite, result({ applied: false, state }))).toEqual({
      type: "remote.crossed",
      callId,
      call: incomingCall({ callId: "0c".repeat(16), endReason: "glare", descriptions: [] }),
    });
  });

  test.each([
    ["an accept that won", { applied: true, state: ringingHere }, signalled({ type: "server.accepted" })],
    [
      "row 9: an accept that lost to a cancel",
      {
        applied: false,
        state: { ...ringingHere, phase: CallPhase.ENDED, endReason: WireEndReason.CANCELLED },
      },
      refused("cancelled"),
    ],
    [
      "row 11: an accept that lost to another device",
      { applied: false, state: { ...ringingHere, phase: CallPhase.ACTIVE } },
      refused("answered-elsewhere"),
    ],
    [
      "an accept of a call that is unknown",
      { applied: false, error: { code: ErrorCode.NO_SUCH_CALL } },
      { type: "remote.signalled", callId, event: { type: "server.forgot" } },
    ],
    [
      "an accept that the server refuses, whatever state comes along",
      { applied: false, error: { code: ErrorCode.NOT_ALLOWED }, state: ringingHere },
      refused("not-allowed"),
    ],
    ["an accept of a newer server without a state", { applied: false }, refused("server")],
  ] as const)("%s", (_, init, event) => {
    expect(translateResult(accept, result(init))).toEqual(event);
  });

  test.each([
    ["a re-attach that restored the call", { applied: true, state: ringing }, undefined],
    ["a re-attach that the server cannot take now", { error: { code: ErrorCode.OVERLOADED } }, undefined],
    ["a re-attach by a ticket that is none", { error: { code: ErrorCode.BAD_TICKET } }, refused("server")],
    [
      "a re-attach to a call that was ended meanwhile",
      { applied: false, state: { ...ringing, phase: CallPhase.ENDED, endReason: WireEndReason.HANGUP } },
      refused("hung-up"),
    ],
    ["a re-attach that is refused without a reason", { applied: false, state: ringing }, refused("server")],
    ["a re-attach that is refused without a state", { applied: false }, refused("server")],
  ] as const)("%s", (_, init, event) => {
    const reattach = toAction(callId, { type: "reattach", ticket: "0b" });
    expect(translateResult(reattach, result(init))).toEqual(event);
  });

  test("what became of the other commands is of no consequence", () => {
    const gone = result({ applied: false, error: { code: ErrorCode.NO_SUCH_CALL } });
    for (const command of [
      { type: "alerting" },
      { type: "end", reason: "hung-up" },
      { type: "describe", description: sampleOffer },
      { type: "candidates", candidates: sampleCandidates },
    ] as const) {
      expect(translateResult(toAction(callId, command), gone)).toBeUndefined();
      expect(translateResult(toAction(callId, command), result({ applied: false }))).toBeUndefined();
    }
  });
});
