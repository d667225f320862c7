import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { type Code, ConnectError } from "@connectrpc/connect";
import { type Command, type ErrorCode, ErrorSchema } from "@peerline/protocol";

/** An answer that a server refuses with. */
export interface Refusal {
  readonly code: Code;
  /** Absent: no detail, as from a proxy. */
  readonly errorCode?: ErrorCode;
  readonly retryAfterMs?: number;
  readonly expectedSeq?: bigint;
}

/** What goes wrong next. A test sets these; each number counts down as it happens. */
export interface LoopbackFaults {
  /** Streams and Polls open and say nothing. */
  withholdHello: boolean;
  /** Receives reach the service and nothing of them comes back, as behind a proxy that buffers. */
  bufferStreams: boolean;
  /** Polls are executed and answered with `unavailable`. */
  losePolls: number;
  /** Sends are executed and then never answered. */
  swallowResponses: number;
  /** Sends are executed and answered with `unavailable`. */
  loseResponses: number;
  /** Events are delivered twice. */
  duplicateEvents: number;
  /** Events are logged and not delivered. */
  skipEvents: number;
  /** Any RPC is answered with `unauthenticated` and TOKEN_EXPIRED. */
  rejectTokens: number;
  /** The next Receives, then the next Sends, are refused. */
  readonly refuseReceive: Refusal[];
  readonly refuseSend: Refusal[];
  /** A Send that carries such a command is refused as `invalid_argument`. */
  isMalformed: (command: Command) => boolean;
  /** Sends wait until it resolves. */
  holdSends: Promise<void> | undefined;
  /** Questions for ICE servers wait until it resolves. */
  holdIceServers: Promise<void> | undefined;
}

export function noFaults(): LoopbackFaults {
  return {
    withholdHello: false,
    bufferStreams: false,
    losePolls: 0,
    swallowResponses: 0,
    loseResponses: 0,
    duplicateEvents: 0,
    skipEvents: 0,
    rejectTokens: 0,
    refuseReceive: [],
    refuseSend: [],
    isMalformed: () => false,
    holdSends: undefined,
    holdIceServers: undefined,
  };
}

export function errorOf({ code, errorCode, retryAfterMs, expectedSeq }: Refusal): ConnectError {
  const detail = errorCode !== undefined && {
    desc: ErrorSchema,
    value: {
      code: errorCode,
      text: "refused by the loopback service",
      ...(retryAfterMs !== undefined && { retryAfter: durationFromMs(retryAfterMs) }),
      ...(expectedSeq !== undefined && { expectedSeq }),
    },
  };
  return new ConnectError("refused by the loopback service", code, undefined, detail ? [detail] : []);
}
