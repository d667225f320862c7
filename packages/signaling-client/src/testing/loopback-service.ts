import { create } from "@bufbuild/protobuf";
import { Code, type ConnectRouter } from "@connectrpc/connect";
import {
  type DetachRequest_Intent,
  ErrorCode,
  type Event,
  type GetIceServersResponse,
  GetIceServersResponseSchema,
  type GoAway_Action,
  type ReceiveRequest,
  type ReceiveResponse,
  type SendRequest,
  SignalingService,
} from "@peerline/protocol";
import { errorOf, type LoopbackFaults, noFaults } from "./loopback-faults.ts";
import { goAwayFrame, handlersOf, pingFrame } from "./loopback-handlers.ts";
import { append, createMailbox, type EventBody, forget, type LoopbackMailbox } from "./loopback-mailbox.ts";
import { type SignalLog, signalLog } from "./signal-log.ts";

/** What a client asked of the service, in order. */
export type LoopbackRequest =
  | { readonly rpc: "receive"; readonly request: ReceiveRequest; readonly token: string }
  | {
      readonly rpc: "poll";
      readonly request: ReceiveRequest;
      readonly token: string;
      /** It went on from the one before: nothing was lost between. */
      readonly goesOn: boolean;
      readonly waitMs: number;
    }
  | { readonly rpc: "send"; readonly request: SendRequest; readonly token: string }
  | { readonly rpc: "detach"; readonly intent: DetachRequest_Intent }
  | { readonly rpc: "getIceServers"; readonly token: string }
  | { readonly rpc: "reauthenticate"; readonly token: string };

/**
 * A scripted signaling service for one endpoint, in memory: a mailbox with epoch and offsets, numbered commands, and
 * faults on demand. It decides nothing about calls. Give `routes` to `createRouterTransport` or to an adapter.
 */
export interface LoopbackService {
  readonly routes: (router: ConnectRouter) => void;
  readonly mailbox: LoopbackMailbox;
  readonly requests: SignalLog<LoopbackRequest>;
  /** The number of commands of each Send that was let through, once it was executed. */
  readonly executions: SignalLog<number>;
  /** What was acknowledged, by whichever request. */
  readonly acks: SignalLog<bigint>;
  readonly faults: LoopbackFaults;
  /** How long a Hello says that the token is good, in ms. Default: it says nothing. */
  tokenValidForMs: number | undefined;
  /** What a question for fresh ICE servers is answered with; a Hello says the same. Default: none. */
  iceServers: GetIceServersResponse;
  /** Appends an event and delivers it. */
  emit(body: EventBody, callId?: Uint8Array): Event;
  /** Puts any frame on the open stream. */
  frame(frame: ReceiveResponse["frame"]): void;
  /** `topOffset` defaults to the truth. */
  ping(topOffset?: bigint): void;
  goAway(action: GoAway_Action, afterMs?: number, reason?: ErrorCode): void;
  /** Breaks the open stream with `unavailable`. */
  cut(): void;
  /** Forgets everything and breaks the open stream: the next Hello has another epoch. */
  changeEpoch(): void;
}

export function createLoopbackService(): LoopbackService {
  let epochNumber = 1;
  const mailbox = createMailbox(epochNumber);
  const faults = noFaults();

  const service: LoopbackService = {
    routes: (router) => void router.service(SignalingService, handlersOf(service)),
    mailbox,
    requests: signalLog(),
    executions: signalLog(),
    acks: signalLog(),
    faults,
    tokenValidForMs: undefined,
    iceServers: create(GetIceServersResponseSchema),
    emit(body, callId = new Uint8Array()) {
      const event = append(mailbox, body, callId);
      if (faults.skipEvents > 0) faults.skipEvents--;
      else service.frame({ case: "event", value: event });
      if (faults.duplicateEvents > 0) {
        faults.duplicateEvents--;
        service.frame({ case: "event", value: event });
      }
      return event;
    },
    frame: (frame) => mailbox.outlet?.frame(frame),
    ping: (topOffset = BigInt(mailbox.log.length)) => service.frame(pingFrame(topOffset)),
    goAway: (action, afterMs = 0, reason = ErrorCode.UNSPECIFIED) =>
      service.frame(goAwayFrame(action, afterMs, reason)),
    cut: () => mailbox.outlet?.end(errorOf({ code: Code.Unavailable })),
    changeEpoch() {
      forget(mailbox, ++epochNumber);
      service.cut();
    },
  };
  return service;
}
