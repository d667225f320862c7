import { clearField, clone, toBinary } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import type { CommandAction, SignalingInput, SignalingPort } from "@peerline/call-machine";
import { toHex } from "@peerline/call-machine/wire";
import {
  type Event,
  EventSchema,
  type Hello,
  type PollResponse,
  type ReceiveResponse,
} from "@peerline/protocol";
import type { Moment } from "./history.ts";

type Told = Moment extends infer M ? (M extends Moment ? Omit<M, "at" | "tab" | "life"> : never) : never;

/** Watches what reaches an endpoint's machines, and by which stream it came. */
export interface SignalingTap {
  /** The same transport; remembers where each frame came from. */
  watchTransport(transport: Transport): Transport;
  /** The same port; tells what passes it. */
  watchPort(port: SignalingPort): SignalingPort;
}

interface Origin {
  readonly stream: number;
  readonly hello: Hello | undefined;
}

export function createSignalingTap(tell: (moment: Told) => void): SignalingTap {
  const origins = new WeakMap<Event, Origin>();
  let streams = 0;
  let isPolling = false;
  let newest: Origin = { stream: 0, hello: undefined };

  /** The origin of what follows the frame. */
  const pass = ({ frame }: ReceiveResponse, origin: Origin): Origin => {
    if (frame.case === "event") origins.set(frame.value, origin);
    if (frame.case !== "hello") return origin;
    newest = { ...origin, hello: frame.value };
    return newest;
  };

  async function* watched<T>(frames: AsyncIterable<T>): AsyncIterable<T> {
    isPolling = false;
    let origin: Origin = { stream: ++streams, hello: undefined };
    for await (const frame of frames) {
      origin = pass(frame as unknown as ReceiveResponse, origin);
      yield frame;
    }
  }

  const receive = (input: SignalingInput) => {
    if (input.type === "hello") tell(helloMoment(newest));
    if (input.type === "event") tell(eventMoment(input.event, origins.get(input.event)));
    if (input.type === "result") {
      const { action, result } = input;
      tell({ type: "result", action: action.case, applied: result.applied, callId: callIdOf(action) });
    }
  };

  return {
    watchTransport: (transport) => ({
      /** Polls in a row count as one stream. */
      async unary(method, ...call) {
        if (method.localName !== "poll") return await transport.unary(method, ...call);
        if (!isPolling) streams += 1;
        isPolling = true;
        let origin: Origin = { stream: streams, hello: undefined };
        const response = await transport.unary(method, ...call);
        const { frames } = response.message as unknown as PollResponse;
        for (const frame of frames) origin = pass(frame, origin);
        return response;
      },
      async stream(...call) {
        const response = await transport.stream(...call);
        return { ...response, message: watched(response.message) };
      },
    }),
    watchPort: (port) => ({
      ...port,
      start(deliver) {
        port.start((input) => {
          receive(input);
          deliver(input);
        });
      },
      send(action) {
        tell({ type: "command", action: action.case, callId: callIdOf(action) });
        port.send(action);
      },
    }),
  };
}

function helloMoment({ stream, hello }: Origin): Told {
  return {
    type: "hello",
    stream,
    epoch: toHex(hello?.epoch ?? new Uint8Array()),
    resumed: hello?.resumed ?? false,
    top: Number(hello?.topOffset ?? 0n),
  };
}

function eventMoment(event: Event, origin: Origin | undefined): Told {
  return {
    type: "event",
    stream: origin?.stream ?? 0,
    epoch: toHex(origin?.hello?.epoch ?? new Uint8Array()),
    offset: Number(event.offset),
    bytes: withoutOffset(event),
  };
}

function withoutOffset(event: Event): Uint8Array {
  const copy = clone(EventSchema, event);
  clearField(copy, EventSchema.field.offset);
  return toBinary(EventSchema, copy);
}

function callIdOf({ value }: CommandAction): string | undefined {
  return "callId" in value && value.callId instanceof Uint8Array && value.callId.length > 0
    ? toHex(value.callId)
    : undefined;
}
