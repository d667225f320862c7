import { randomBytes } from "node:crypto";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { createClient, type Transport } from "@connectrpc/connect";
import {
  AlertPolicy,
  type Command,
  type CommandResult,
  CommandSchema,
  DevelopmentService,
  type Event,
  type HeartbeatSchema,
  type Hello,
  type LifeSchema,
  type ReceiveResponse,
  type SendResponse,
  SignalingService,
} from "@peerline/protocol";

type Frame = ReceiveResponse["frame"];
export type FrameOf<C extends Frame["case"]> = Extract<Frame, { case: C }>["value"];
export type Action = NonNullable<MessageInitShape<typeof CommandSchema>["action"]>;
type EventCase = NonNullable<Event["body"]["case"]>;
type BodyOf<C extends EventCase> = Extract<Event["body"], { case: C }>["value"];

/** One test client: signs in, receives, sends in sequence. Every wait ends with a frame, never with time. */
export interface TestEndpoint {
  readonly user: string;
  readonly endpointId: Uint8Array<ArrayBuffer>;
  readonly token: string;
  hello(): Hello;
  /** Events that arrived, in order. */
  readonly events: Event[];
  /** Consumes frames until one of this kind comes. */
  frame<C extends Frame["case"]>(kind: C): Promise<FrameOf<C>>;
  /** Consumes frames until an event of this kind comes. */
  event<C extends EventCase>(kind: C): Promise<BodyOf<C>>;
  /** Consumes the rest of the stream; resolves to the last frame, rejects with the stream's error. */
  untilEnd(): Promise<Frame | undefined>;
  send(...actions: Action[]): Promise<readonly CommandResult[]>;
  /** Sends exactly one command and gives its result. */
  run(action: Action): Promise<CommandResult>;
  sendRaw(commands: readonly Command[], more?: SendExtras): Promise<SendResponse>;
  nextSeq(): bigint;
  reopen(init?: ReopenInit): Promise<Hello>;
  /** Drops the stream as a cut connection does. */
  cut(): void;
  readonly client: ReturnType<typeof createClient<typeof SignalingService>>;
}

export interface ReopenInit {
  readonly life?: MessageInitShape<typeof LifeSchema>;
  readonly resume?: { readonly epoch: Uint8Array; readonly offset: bigint };
  readonly client?: {
    readonly protocolMin?: number;
    readonly protocolMax?: number;
    readonly alertPolicy?: AlertPolicy;
  };
}

export interface SendExtras {
  readonly epoch?: Uint8Array;
  readonly ackOffset?: bigint;
  readonly heartbeat?: MessageInitShape<typeof HeartbeatSchema>;
}

export interface EndpointOptions {
  readonly policy?: AlertPolicy;
  readonly product?: string;
  readonly displayName?: string;
  readonly endpointId?: Uint8Array<ArrayBuffer>;
  /** Goes on there with its first stream. */
  readonly resume?: ReopenInit["resume"];
}

export async function openEndpoint(
  transport: Transport,
  user: string,
  options: EndpointOptions = {},
): Promise<TestEndpoint> {
  const signIn = createClient(DevelopmentService, transport);
  const { token } = await signIn.signIn({ user, displayName: options.displayName ?? "" });
  const client = createClient(SignalingService, transport);
  const headers = { Authorization: `Bearer ${token}` };
  const endpointId = options.endpointId ?? new Uint8Array(randomBytes(16));
  const events: Event[] = [];
  let abort = new AbortController();
  let frames: AsyncIterator<ReceiveResponse> | undefined;
  let hello: Hello | undefined;
  let seq = 0n;

  const next = async (from = frames): Promise<Frame | undefined> => {
    const item = await from?.next();
    if (!item || item.done === true) return undefined;
    if (item.value.frame.case === "event") events.push(item.value.frame.value);
    return item.value.frame;
  };
  const request = { endpointId, client: clientInfo(options) };

  const endpoint: TestEndpoint = {
    user,
    endpointId,
    token,
    events,
    client,
    hello() {
      if (!hello) throw new Error("no Hello yet");
      return hello;
    },
    async frame(kind) {
      for (let frame = await next(); frame; frame = await next()) {
        if (frame.case === kind) return frame.value as never;
      }
      throw new Error(`the stream of ${user} ended before a frame "${kind}"`);
    },
    async event(kind) {
      for (let event = await endpoint.frame("event"); ; event = await endpoint.frame("event")) {
        if (event.body.case === kind) return event.body.value as never;
      }
    },
    async untilEnd() {
      let last: Frame | undefined;
      const own = frames;
      for (let frame = await next(own); frame; frame = await next(own)) last = frame;
      return last;
    },
    async send(...actions) {
      const commands = actions.map((action) => create(CommandSchema, { clientSeq: ++seq, action }));
      return (await endpoint.sendRaw(commands)).results;
    },
    async run(action) {
      const [result] = await endpoint.send(action);
      if (!result) throw new Error("no result");
      return result;
    },
    sendRaw: (commands, more) =>
      client.send(
        { endpointId, epoch: endpoint.hello().epoch, commands: [...commands], ...more },
        { headers },
      ),
    nextSeq: () => ++seq,
    async reopen(init = {}) {
      abort = new AbortController();
      const stream = client.receive({ ...request, ...init }, { headers, signal: abort.signal });
      frames = stream[Symbol.asyncIterator]();
      const first = await next();
      if (first?.case !== "hello") throw new Error("the first frame is no Hello");
      if (hello === undefined || !sameBytes(hello.epoch, first.value.epoch)) seq = first.value.lastClientSeq;
      hello = first.value;
      return hello;
    },
    cut: () => abort.abort(),
  };
  await endpoint.reopen(options.resume ? { resume: options.resume } : {});
  return endpoint;
}

function clientInfo({ product = "test", policy = AlertPolicy.RING }: EndpointOptions) {
  return { protocolMin: 1, protocolMax: 1, product, alertPolicy: policy };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
