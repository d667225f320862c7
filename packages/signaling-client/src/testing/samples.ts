import { create } from "@bufbuild/protobuf";
import type { CommandAction } from "@peerline/call-machine";
import { fromHex } from "@peerline/call-machine/wire";
import {
  AcceptSchema,
  AlertingSchema,
  Availability,
  CandidatesSchema,
  DescriptionSchema,
  EndSchema,
  InviteSchema,
  MediaStateSchema,
  PresenceSetSchema,
  PresenceSubscribeSchema,
  ReattachSchema,
  RelaySchema,
} from "@peerline/protocol";

const callIdDigits = 32;

/** The bytes of a call id that ends in these hex digits. */
export function sampleCallId(tail: string): Uint8Array<ArrayBuffer> {
  return fromHex(tail.padStart(callIdDigits, "0"));
}

/** Small actions for tests: each names the call by the last digits of its id. */
export const sampleActions = {
  invite: (call: string): CommandAction => ({
    case: "invite",
    value: create(InviteSchema, { callId: sampleCallId(call), calleeUser: "bea" }),
  }),
  alerting: (call: string): CommandAction => ({
    case: "alerting",
    value: create(AlertingSchema, { callId: sampleCallId(call) }),
  }),
  accept: (call: string): CommandAction => ({
    case: "accept",
    value: create(AcceptSchema, { callId: sampleCallId(call) }),
  }),
  end: (call: string): CommandAction => ({
    case: "end",
    value: create(EndSchema, { callId: sampleCallId(call) }),
  }),
  reattach: (): CommandAction => ({
    case: "reattach",
    value: create(ReattachSchema, { ticket: sampleCallId("1") }),
  }),
  description: (call: string, offerNumber = 1): CommandAction => ({
    case: "description",
    value: create(DescriptionSchema, { callId: sampleCallId(call), offerNumber }),
  }),
  candidates: (call: string, firstIndex: number, count = 1, ufrag = "u"): CommandAction => ({
    case: "candidates",
    value: create(CandidatesSchema, {
      callId: sampleCallId(call),
      ufrag,
      firstIndex,
      list: Array.from({ length: count }, (_, index) => ({ candidate: `candidate:${firstIndex + index}` })),
    }),
  }),
  mediaState: (call: string, revision: number): CommandAction => ({
    case: "mediaState",
    value: create(MediaStateSchema, { callId: sampleCallId(call), revision }),
  }),
  presenceSet: (availability: Availability = Availability.ONLINE): CommandAction => ({
    case: "presenceSet",
    value: create(PresenceSetSchema, { availability }),
  }),
  presenceSubscribe: (users: readonly string[], replace = false): CommandAction => ({
    case: "presenceSubscribe",
    value: create(PresenceSubscribeSchema, { users: [...users], replace }),
  }),
  relay: (call: string, message: string): CommandAction => ({
    case: "relay",
    value: create(RelaySchema, { callId: sampleCallId(call), messageId: sampleCallId(message) }),
  }),
} as const;
