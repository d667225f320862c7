import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  PollRequestSchema,
  type PollResponse,
  type ReceiveRequest,
  ReceiveRequestSchema,
} from "@peerline/protocol";
import { afterAcked } from "./acks.ts";
import { onFrame } from "./frames.ts";
import type { LinkCommand } from "./link-state.ts";
import type { LifeInit } from "./options.ts";
import { openPolls } from "./polls.ts";
import { headersOf, type OpenStream, type Runtime } from "./runtime.ts";
import type { SignalingError } from "./signaling-error.ts";
import { openStream } from "./stream.ts";

const protocolVersion = 1;

type Open = Extract<LinkCommand, { type: "open" }>;

/** Opens a Receive or a row of Polls; what it brings is judged by its number. PROTOCOL 1.2, 1.14. */
export function openCarrier(runtime: Runtime, command: Open): void {
  const { stream } = command;
  const open = command.carrier === "poll" ? polls(runtime, command) : receive(runtime, command);
  runtime.streams.set(stream, open);
}

function handlersOf(runtime: Runtime, { stream, carrier }: Open, token: () => string | undefined) {
  return {
    onFrame: (frame: Parameters<typeof onFrame>[2]) =>
      runtime.post(() => {
        if (!runtime.streams.has(stream)) return;
        runtime.observer?.frame(frame, carrier);
        onFrame(runtime, stream, frame);
      }),
    onEnd: (error: SignalingError) =>
      runtime.post(() => {
        if (!runtime.streams.delete(stream)) return;
        if (error.code === "unauthenticated") runtime.keeper.refuse(token());
        runtime.dispatch({ type: "failed", stream, error });
      }),
  };
}

function receive(runtime: Runtime, command: Open): OpenStream {
  const { token } = runtime.keeper;
  const request = requestOf(runtime, command.attempt, command.useCursor);
  const handlers = handlersOf(runtime, command, () => token);
  const close = openStream(runtime.client, request, headersOf(token), handlers);
  return { close, nudge: () => undefined, token: () => token };
}

function polls(runtime: Runtime, command: Open): OpenStream {
  const { clock } = runtime.options;
  const { timing } = runtime;
  let token: string | undefined;
  const row = openPolls({
    ...handlersOf(runtime, command, () => token),
    ask: (first, signal) => {
      token = runtime.keeper.token;
      return ask(runtime, command, first, signal);
    },
    post: runtime.post,
    // The first one is itself what is being opened.
    mayAsk: () => runtime.link.plan.type !== "opening" || runtime.link.plan.stream === command.stream,
    pauseMs: () => (isHidden(runtime) ? timing.hiddenPollMs : 0),
    guardMs: timing.pollPauseMs,
    now: () => clock.now(),
    setTimer: clock.setTimer,
  });
  return { ...row, token: () => token };
}

/** The first Poll is not held: its answer is the Hello that the link waits for. */
function ask(runtime: Runtime, command: Open, first: boolean, signal: AbortSignal): Promise<PollResponse> {
  const again = command.stream > 1 ? 1 : 0;
  const attempt = first ? Math.max(command.attempt, again) : 0;
  const receive = requestOf(runtime, attempt, first ? command.useCursor : true);
  acknowledge(runtime);
  const waitMs = first || isHidden(runtime) ? 0 : runtime.timing.pollHoldMs;
  const request = create(PollRequestSchema, { receive, wait: durationFromMs(waitMs) });
  return runtime.client.poll(request, { signal, headers: headersOf(runtime.keeper.token), timeoutMs: 0 });
}

/** The cursor of a Poll says what is applied. One that is lost costs nothing: the next says it again. */
function acknowledge({ cursor, sender, options }: Runtime): void {
  const acks = afterAcked(cursor.offset, cursor.offset, options.clock.now());
  sender.sending = { ...sender.sending, acks };
}

/** Nobody looks, and nothing goes on. */
function isHidden({ link }: Runtime): boolean {
  return link.carriage.prefersPoll && link.pace === "idle";
}

function requestOf(runtime: Runtime, attempt: number, useCursor: boolean): ReceiveRequest {
  const { endpointId, client } = runtime.options;
  const { epoch, offset } = runtime.cursor;
  return create(ReceiveRequestSchema, {
    endpointId,
    ...(useCursor && epoch && { resume: { epoch, offset } }),
    client: {
      protocolMin: protocolVersion,
      protocolMax: protocolVersion,
      product: client.product,
      capabilities: [...(client.capabilities ?? [])],
      deviceId: client.deviceId ?? "",
      ...(client.alertPolicy !== undefined && { alertPolicy: client.alertPolicy }),
    },
    attempt,
    life: nextRequest(runtime.life),
  });
}

function nextRequest(life: LifeInit): LifeInit {
  life.requestNumber += 1;
  return { ...life };
}
