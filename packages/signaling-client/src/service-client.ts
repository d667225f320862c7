import type {
  DescMessage,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { SignalingService } from "@peerline/protocol";

interface ExchangeOptions {
  readonly headers: HeadersInit;
  readonly signal?: AbortSignal;
  /** 0: none, whatever the transport's own is. */
  readonly timeoutMs?: number;
}

/** The methods of the service as functions over a transport. Connect's `createClient` costs a page 1.1 kB more. */
export type ServiceClient = ReturnType<typeof serviceClient>;

export function serviceClient(transport: Transport) {
  const unary =
    <I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>) =>
    async (input: MessageInitShape<I>, options: ExchangeOptions): Promise<MessageShape<O>> => {
      const { signal, timeoutMs, headers } = options;
      return (await transport.unary(method, signal, timeoutMs, headers, input)).message;
    };
  const stream = <I extends DescMessage, O extends DescMessage>(method: DescMethodServerStreaming<I, O>) =>
    async function* (input: MessageInitShape<I>, options: ExchangeOptions): AsyncGenerator<MessageShape<O>> {
      const { signal, timeoutMs, headers } = options;
      yield* (await transport.stream(method, signal, timeoutMs, headers, once(input))).message;
    };
  const { receive, poll, send, getIceServers, reauthenticate, detach } = SignalingService.method;
  return {
    receive: stream(receive),
    poll: unary(poll),
    send: unary(send),
    getIceServers: unary(getIceServers),
    reauthenticate: unary(reauthenticate),
    detach: unary(detach),
  };
}

async function* once<T>(input: T): AsyncGenerator<T> {
  yield input;
}
