import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import {
  type ErrorCode,
  ErrorCode as Errors,
  GoAway_Action,
  GoAwaySchema,
  HelloSchema,
  PingSchema,
  type ReceiveRequest,
  type ReceiveResponse,
  type SendRequest,
  SendResponseSchema,
  type SignalingService,
} from "@peerline/protocol";
import { sameBytes } from "../cursor.ts";
import { errorOf } from "./loopback-faults.ts";
import { execute } from "./loopback-mailbox.ts";
import type { LoopbackService } from "./loopback-service.ts";
import { createFramePipe } from "./loopback-stream.ts";

/** The RPCs of a loopback service. What it has no part in is `unimplemented`. */
export function handlersOf(service: LoopbackService): Partial<ServiceImpl<typeof SignalingService>> {
  return {
    receive: (request, context) => receive(service, request, context),
    send: (request, context) => send(service, request, context),
    async reauthenticate(_request, context) {
      service.requests.push({ rpc: "reauthenticate", token: authorize(service, context) });
      return {};
    },
    async detach({ intent }, context) {
      authorize(service, context);
      service.requests.push({ rpc: "detach", intent });
      return {};
    },
  };
}

export function goAwayFrame(
  action: GoAway_Action,
  afterMs: number,
  reason: ErrorCode,
): ReceiveResponse["frame"] {
  return { case: "goAway", value: create(GoAwaySchema, { action, after: durationFromMs(afterMs), reason }) };
}

export function pingFrame(topOffset: bigint): ReceiveResponse["frame"] {
  return { case: "ping", value: create(PingSchema, { topOffset }) };
}

function authorize({ faults }: LoopbackService, { requestHeader }: HandlerContext): string {
  const header = requestHeader.get("Authorization") ?? "";
  if (header.startsWith("Bearer ") && faults.rejectTokens === 0) return header.slice("Bearer ".length);
  faults.rejectTokens = Math.max(0, faults.rejectTokens - 1);
  throw errorOf({ code: Code.Unauthenticated, errorCode: Errors.TOKEN_EXPIRED });
}

async function* receive(
  service: LoopbackService,
  request: ReceiveRequest,
  context: HandlerContext,
): AsyncGenerator<ReceiveResponse> {
  const { mailbox, faults } = service;
  const token = authorize(service, context);
  service.requests.push({ rpc: "receive", request, token });
  const refusal = faults.refuseReceive.shift();
  if (refusal) throw errorOf(refusal);
  mailbox.outlet?.frame(goAwayFrame(GoAway_Action.STOP, 0, Errors.SUPERSEDED));
  mailbox.outlet?.end();
  const pipe = createFramePipe();
  mailbox.outlet = pipe;
  mailbox.generation++;
  if (!faults.withholdHello) sayHello(service, request);
  try {
    yield* pipe.read(context.signal);
  } finally {
    if (mailbox.outlet === pipe) mailbox.outlet = undefined;
  }
}

/** Exactly the gap, or a snapshot: never a partial replay. PROTOCOL D3. */
function sayHello({ mailbox, tokenValidForMs }: LoopbackService, { resume }: ReceiveRequest): void {
  const top = BigInt(mailbox.log.length);
  const resumed = resume !== undefined && sameBytes(resume.epoch, mailbox.epoch) && resume.offset <= top;
  const hello = create(HelloSchema, {
    protocol: 1,
    epoch: mailbox.epoch,
    resumed,
    ...(!resumed && { snapshot: {} }),
    topOffset: top,
    generation: mailbox.generation,
    lastClientSeq: BigInt(mailbox.executed.length),
    ...(tokenValidForMs !== undefined && { tokenValidFor: durationFromMs(tokenValidForMs) }),
  });
  mailbox.outlet?.frame({ case: "hello", value: hello });
  if (!resumed) return;
  for (const event of mailbox.log.slice(Number(resume.offset)))
    mailbox.outlet?.frame({ case: "event", value: event });
}

async function send(service: LoopbackService, request: SendRequest, context: HandlerContext) {
  const { mailbox, faults } = service;
  const token = authorize(service, context);
  service.requests.push({ rpc: "send", request, token });
  await faults.holdSends;
  const refusal = faults.refuseSend.shift();
  if (refusal) throw errorOf(refusal);
  if (!sameBytes(request.epoch, mailbox.epoch)) {
    throw errorOf({ code: Code.FailedPrecondition, errorCode: Errors.SESSION_LOST });
  }
  if (request.commands.some(faults.isMalformed))
    throw errorOf({ code: Code.InvalidArgument, errorCode: Errors.MALFORMED });
  mailbox.acked = request.ackOffset;
  const results = execute(mailbox, request.commands);
  service.executions.push(request.commands.length);
  await loseAnswer(service, context.signal);
  return create(SendResponseSchema, { results, topOffset: BigInt(mailbox.log.length) });
}

async function loseAnswer({ faults }: LoopbackService, signal: AbortSignal): Promise<void> {
  if (faults.loseResponses > 0) {
    faults.loseResponses--;
    throw errorOf({ code: Code.Unavailable });
  }
  if (faults.swallowResponses === 0) return;
  faults.swallowResponses--;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  throw new ConnectError("swallowed", Code.Canceled);
}
