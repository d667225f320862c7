import { create, type DescMessage, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import {
  Availability,
  CallPhase,
  CandidateSchema,
  ChatMessageSchema,
  CommandSchema,
  ControlFrameSchema,
  Description_Type,
  DescriptionSchema,
  EndReason,
  ErrorCode,
  ErrorSchema,
  EventSchema,
  GoAway_Action,
  MediaKind,
  PollRequestSchema,
  ReceiveRequestSchema,
  ReceiveResponseSchema,
  Role,
  SendRequestSchema,
  SendResponseSchema,
} from "../src/index.ts";

/** A message of a known kind with a whole value. */
export interface Sample<Schema extends DescMessage = DescMessage> {
  readonly schema: Schema;
  readonly value: MessageShape<Schema>;
}

const callId = bytes(16, 0x10);
const endpointId = bytes(16, 0x20);
const partyId = bytes(16, 0x30);
const epoch = bytes(8, 0x40);
const at = { seconds: 1_760_000_000n, nanos: 250_000_000 };

const call = {
  callId,
  rev: 2n,
  phase: CallPhase.RINGING,
  role: Role.CALLEE,
  remote: { partyId, user: "alice", displayName: "Alice" },
  kind: MediaKind.VIDEO,
  ringRemaining: { seconds: 45n, nanos: 0 },
};

const offer = create(DescriptionSchema, {
  callId,
  pcGeneration: 1,
  offerNumber: 1,
  type: Description_Type.OFFER,
  body: { case: "sdp", value: "v=0\r\ns=-\r\n" },
  tracks: [{ mid: "0", label: "microphone" }],
});

/**
 * One message of each main kind. Its bytes, committed in `fixtures/NAME.binpb`, must decode to these values for as
 * long as the protocol has this version.
 */
export const samples: Readonly<Record<string, Sample>> = {
  "receive-request": sample(ReceiveRequestSchema, {
    endpointId,
    resume: { epoch, offset: 41n },
    client: { protocolMin: 1, protocolMax: 1, capabilities: ["dc-control/1"], product: "web/0.1.0" },
    attempt: 2,
  }),
  hello: sample(ReceiveResponseSchema, {
    frame: {
      case: "hello",
      value: {
        protocol: 1,
        epoch,
        snapshot: { calls: [call], serverLostState: true },
        topOffset: 41n,
        generation: 3n,
        serverTime: at,
        iceServers: [{ urls: ["turn:turn.example.org"], username: "user", credential: "secret" }],
        limits: { maxCommandsPerSend: 32, maxSdpBytes: 65_536 },
        timers: { pingIdle: { seconds: 15n, nanos: 0 }, ring: { seconds: 60n, nanos: 0 } },
      },
    },
  }),
  ping: sample(ReceiveResponseSchema, {
    frame: { case: "ping", value: { topOffset: 41n, nextIn: { seconds: 15n, nanos: 0 } } },
  }),
  "go-away": sample(ReceiveResponseSchema, {
    frame: { case: "goAway", value: { action: GoAway_Action.RESUME, reason: ErrorCode.SHUTTING_DOWN } },
  }),
  presence: sample(ReceiveResponseSchema, {
    frame: {
      case: "presence",
      value: {
        items: [{ user: "echo", availability: Availability.ONLINE, version: 7n, bot: true }],
        full: true,
      },
    },
  }),
  invite: sample(SendRequestSchema, {
    endpointId,
    epoch,
    ackOffset: 41n,
    commands: [
      {
        clientSeq: 1n,
        action: {
          case: "invite",
          value: { callId, calleeUser: "bob", kind: MediaKind.VIDEO, offer, metadata: { topic: "hello" } },
        },
      },
      {
        clientSeq: 2n,
        action: {
          case: "candidates",
          value: {
            callId,
            pcGeneration: 1,
            ufrag: "abcd",
            list: [
              create(CandidateSchema, { candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", sdpMid: "0" }),
            ],
            endOfCandidates: true,
          },
        },
      },
    ],
  }),
  end: sample(CommandSchema, {
    clientSeq: 3n,
    action: { case: "end", value: { callId, reason: EndReason.MEDIA_LOST, note: "no packets" } },
  }),
  "send-response": sample(SendResponseSchema, {
    results: [
      { clientSeq: 1n, applied: true, state: call, ticket: bytes(4, 0x50) },
      { clientSeq: 2n, error: { code: ErrorCode.OUT_OF_ORDER, text: "send it again", expectedSeq: 1n } },
    ],
    topOffset: 42n,
  }),
  incoming: sample(EventSchema, {
    offset: 42n,
    at,
    callId,
    callRev: 1n,
    body: { case: "incoming", value: { call, offer, reissued: true } },
  }),
  ended: sample(EventSchema, {
    offset: 43n,
    callId,
    callRev: 3n,
    body: {
      case: "ended",
      value: { reason: EndReason.HANGUP, by: Role.CALLER, talked: { seconds: 61n, nanos: 0 } },
    },
  }),
  relay: sample(EventSchema, {
    offset: 44n,
    body: {
      case: "relay",
      value: {
        messageId: bytes(16, 0x60),
        extension: { type: "acme.com/stroke", value: bytes(3, 1), critical: true },
      },
    },
  }),
  error: sample(ErrorSchema, {
    code: ErrorCode.RATE_LIMITED,
    text: "wait",
    retryAfter: { seconds: 2n, nanos: 500_000_000 },
  }),
  "poll-request": sample(PollRequestSchema, { receive: { endpointId }, wait: { seconds: 25n, nanos: 0 } }),
  bye: sample(ControlFrameSchema, { body: { case: "bye", value: { callId, reason: EndReason.HANGUP } } }),
  "chat-message": sample(ChatMessageSchema, { id: bytes(16, 0x70), text: "Привет 👋", sentAt: at }),
};

function sample<Schema extends DescMessage>(schema: Schema, init: MessageInitShape<Schema>): Sample<Schema> {
  return { schema, value: create(schema, init) };
}

function bytes(length: number, first: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => first + index);
}
