import { create } from "@bufbuild/protobuf";
import { durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import {
  type ErrorCode,
  ErrorCode as Errors,
  GoAway_Action,
  GoAwaySchema,
  HelloSchema,
  PingSchema,
  type PollRequest,
  type PollResponse,
  PollResponseSchema,
  type ReceiveRequest,
  type ReceiveResponse,
  ReceiveResponseSchema,
  type SendRequest,
  SendResponseSchema,
  type SignalingService,
} from "@peerline/protocol";
import { sameBytes } from "../cursor.ts";
import { errorOf, type LoopbackFaults } from "./loopback-faults.ts";
import { execute } from "./loopback-mailbox.ts";
import type { LoopbackService } from "./loopback-service.ts";
import { createFramePipe, type FramePipe } from "./loopback-stream.ts";

/** The RPCs of a loopback service. What it has no part in is `unimplemented`. */
export function handlersOf(service: LoopbackService): Partial<ServiceImpl<typeof SignalingService>> {
  return {
    receive: (request, context) => receive(service, request, context),
    poll: (request, context) => poll(service, request, context),
    send: (request, context) => send(service, request, context),
    async reauthenticate(_request, context) {
      service.requests.push({ rpc: "reauthenticate", token: authorize(service, context) });
      return {};
    },
    async getIceServers(_request, context) {
      service.requests.push({ rpc: "getIceServers", token: authorize(service, context) });
      await service.faults.holdIceServers;
      return service.iceServers;
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
  refuse(faults);
  const pipe = takeOver(service, request, undefined);
  if (faults.bufferStreams) {
    yield* createFramePipe().read(context.signal);
    return;
  }
  if (!faults.withholdHello) sayHello(service, request);
  try {
    yield* pipe.read(context.signal);
  } finally {
    if (mailbox.outlet === pipe) mailbox.outlet = undefined;
  }
}

/** PROTOCOL 1.14: an endpoint between two Polls keeps its outlet. */
async function poll(
  service: LoopbackService,
  { receive: request, wait }: PollRequest,
  context: HandlerContext,
): Promise<PollResponse> {
  const { mailbox, faults } = service;
  const token = authorize(service, context);
  if (!request) throw errorOf({ code: Code.InvalidArgument, errorCode: Errors.MALFORMED });
  const before = mailbox.polled === mailbox.outlet ? mailbox.polled : undefined;
  const known = request.resume && sameBytes(request.resume.epoch, mailbox.epoch);
  const kept = request.attempt === 0 && known ? before : undefined;
  const waitMs = wait ? durationMs(wait) : 0;
  service.requests.push({ rpc: "poll", request, token, goesOn: kept !== undefined, waitMs });
  refuse(faults);
  const pipe = kept ?? takeOver(service, request, createFramePipe());
  const hello: ReceiveResponse[] = [];
  if (request.resume && known) service.acks.push(request.resume.offset);
  if (faults.withholdHello) return await silence(context.signal);
  if (kept) hello.push(create(ReceiveResponseSchema, { frame: helloFrame(service, request) }));
  else sayHello(service, request);
  const frames = [...hello, ...(await pipe.take(context.signal, waitMs > 0))];
  if (faults.losePolls > 0) {
    faults.losePolls--;
    throw errorOf({ code: Code.Unavailable });
  }
  return create(PollResponseSchema, { frames });
}

function refuse({ refuseReceive }: LoopbackFaults): void {
  const refusal = refuseReceive.shift();
  if (refusal) throw errorOf(refusal);
}

/** The older outlet is fenced; a request that comes late is refused. */
function takeOver(
  { mailbox }: LoopbackService,
  { life }: ReceiveRequest,
  polled: FramePipe | undefined,
): FramePipe {
  const { served } = mailbox;
  const isItself = served !== undefined && life !== undefined && sameBytes(served.id, life.id);
  if (isItself && life.requestNumber <= served.requestNumber)
    throw errorOf({ code: Code.Aborted, errorCode: Errors.REPEATED });
  mailbox.served = life;
  const action = isItself ? GoAway_Action.RESUME : GoAway_Action.STOP;
  mailbox.outlet?.frame(goAwayFrame(action, 0, Errors.SUPERSEDED));
  mailbox.outlet?.end();
  const pipe = polled ?? createFramePipe();
  mailbox.outlet = pipe;
  mailbox.polled = polled;
  mailbox.generation++;
  return pipe;
}

/** Exactly the gap, or a snapshot: never a partial replay. PROTOCOL D3. */
function sayHello(service: LoopbackService, request: ReceiveRequest): void {
  const { mailbox } = service;
  const frame = helloFrame(service, request);
  mailbox.outlet?.frame(frame);
  if (frame.case !== "hello" || !frame.value.resumed) return;
  for (const event of mailbox.log.slice(Number(request.resume?.offset)))
    mailbox.outlet?.frame({ case: "event", value: event });
}

function helloFrame(
  { mailbox, tokenValidForMs, iceServers }: LoopbackService,
  { resume }: ReceiveRequest,
): ReceiveResponse["frame"] {
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
    iceServers: iceServers.servers,
    ...(iceServers.validFor && { iceServersValidFor: iceServers.validFor }),
    ...(tokenValidForMs !== undefined && { tokenValidFor: durationFromMs(tokenValidForMs) }),
  });
  return { case: "hello", value: hello };
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
  service.acks.push(request.ackOffset);
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
  await silence(signal);
}

async function silence(signal: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  throw new ConnectError("swallowed", Code.Canceled);
}
