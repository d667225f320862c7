import { create } from "@bufbuild/protobuf";
import { type ReceiveRequest, ReceiveRequestSchema } from "@peerline/protocol";
import { onFrame } from "./frames.ts";
import { link } from "./link.ts";
import type { LinkCommand, LinkInput } from "./link-state.ts";
import { deliver, headersOf, type Runtime } from "./runtime.ts";
import { abandon } from "./sender.ts";
import { openStream } from "./stream.ts";

const protocolVersion = 1;

/** One step of the link with what it decides carried out, in order. */
export function dispatch(runtime: Runtime, input: LinkInput): void {
  const { clock, random } = runtime.options;
  const [state, commands] = link(runtime.link, input, {
    now: clock.now(),
    random: random(),
    tokenUsable: runtime.keeper.usable(),
    timing: runtime.timing,
  });
  runtime.link = state;
  for (const command of commands) execute(runtime, command);
}

function execute(runtime: Runtime, command: LinkCommand): void {
  const { logger } = runtime.options;
  switch (command.type) {
    case "open":
      open(runtime, command);
      break;
    case "close":
      runtime.streams.get(command.stream)?.close();
      runtime.streams.delete(command.stream);
      break;
    case "getToken":
      runtime.keeper.fetch();
      break;
    case "interrupted":
      logger?.info("signaling is down", { retryInMs: command.retryInMs, cause: command.cause });
      deliver(runtime, command);
      break;
    case "stopped":
      logger?.info("signaling stopped", { code: command.code, text: command.text });
      abandon(runtime.sender);
      deliver(runtime, command);
      break;
  }
}

function open(runtime: Runtime, command: Extract<LinkCommand, { type: "open" }>): void {
  const { stream } = command;
  const { token } = runtime.keeper;
  const close = openStream(runtime.client, requestOf(runtime, command), headersOf(token), {
    onFrame: (frame) =>
      runtime.post(() => {
        if (!runtime.streams.has(stream)) return;
        runtime.observer?.frame(frame);
        onFrame(runtime, stream, frame);
      }),
    onEnd: (error) =>
      runtime.post(() => {
        if (!runtime.streams.delete(stream)) return;
        if (error.code === "unauthenticated") runtime.keeper.refuse(token);
        runtime.dispatch({ type: "failed", stream, error });
      }),
  });
  runtime.streams.set(stream, { close, token });
}

function requestOf(runtime: Runtime, command: Extract<LinkCommand, { type: "open" }>): ReceiveRequest {
  const { endpointId, client } = runtime.options;
  const { epoch, offset } = runtime.cursor;
  return create(ReceiveRequestSchema, {
    endpointId,
    ...(command.useCursor && epoch && { resume: { epoch, offset } }),
    client: {
      protocolMin: protocolVersion,
      protocolMax: protocolVersion,
      product: client.product,
      capabilities: [...(client.capabilities ?? [])],
      deviceId: client.deviceId ?? "",
      ...(client.alertPolicy !== undefined && { alertPolicy: client.alertPolicy }),
    },
    attempt: command.attempt,
  });
}
