import {
  create,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ConnectRouter,
  createHandlerContext,
  createServiceImplSpec,
  type HandlerContext,
  type Interceptor,
  type MethodImplSpec,
  type Transport,
} from "@connectrpc/connect";
import { invokeUnaryImplementation, transformInvokeImplementation } from "@connectrpc/connect/protocol";

interface Route {
  readonly spec: MethodImplSpec;
  readonly interceptors: Interceptor[];
  readonly gate: ((context: HandlerContext) => Promise<void> | void) | undefined;
}

/**
 * A Connect transport that calls a server's handlers in this process: its request gate, its interceptors and its
 * implementations run as over HTTP, and each message crosses as bytes. Only the framing of HTTP is missing, which is
 * most of the cost.
 */
export function createInProcessTransport(register: (router: ConnectRouter) => void): Transport {
  const routes = routesOf(register);
  const enter = async (method: DescMethod, call: Invocation) => {
    const route = routes.get(keyOf(method));
    if (!route) throw new ConnectError(`${method.name} is not served`, Code.Unimplemented);
    const context = contextOf(method, call);
    await route.gate?.(context);
    return { ...route, context };
  };
  return {
    async unary(method, signal, _timeoutMs, header, input) {
      const { spec, interceptors, context } = await enter(method, { signal, header });
      if (spec.kind !== "unary") throw new ConnectError(`${method.name} is a stream`, Code.Unimplemented);
      const request = crossed(method.input, input);
      const output = await invokeUnaryImplementation(spec, context, request, interceptors);
      const message = crossed(method.output, output as MessageInitShape<typeof method.output>);
      return { ...common(method), stream: false, method, message };
    },
    async stream(method, signal, _timeoutMs, header, input) {
      const { spec, interceptors, context } = await enter(method, { signal, header });
      const run = transformInvokeImplementation(spec, context, interceptors);
      const output = run(crossing(method.input, input)) as AsyncIterable<
        MessageInitShape<typeof method.output>
      >;
      return { ...common(method), stream: true, method, message: crossing(method.output, output) };
    },
  };
}

interface Invocation {
  readonly signal: AbortSignal | undefined;
  readonly header: HeadersInit | undefined;
}

function common(method: DescMethod) {
  return { service: method.parent, header: new Headers(), trailer: new Headers() };
}

function contextOf(method: DescMethod, { signal, header }: Invocation): HandlerContext {
  return createHandlerContext({
    service: method.parent,
    method,
    protocolName: "in-process",
    requestMethod: "POST",
    url: `https://in-process/${keyOf(method)}`,
    ...(header && { requestHeader: header }),
    ...(signal && { requestSignal: signal }),
  });
}

/** What arrives is a copy, and only what the schema knows or keeps. */
function crossed<M extends DescMessage>(schema: M, message: MessageInitShape<M>): MessageShape<M> {
  return fromBinary(schema, toBinary(schema, create(schema, message)));
}

async function* crossing<M extends DescMessage>(
  schema: M,
  messages: AsyncIterable<MessageInitShape<M>>,
): AsyncIterable<MessageShape<M>> {
  for await (const message of messages) yield crossed(schema, message);
}

function keyOf(method: DescMethod): string {
  return `${method.parent.typeName}/${method.name}`;
}

function routesOf(register: (router: ConnectRouter) => void): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>();
  const router: ConnectRouter = {
    handlers: [],
    service(service, implementation, options) {
      for (const spec of Object.values(createServiceImplSpec(service, implementation).methods)) {
        const interceptors = [...(options?.interceptors ?? [])];
        routes.set(keyOf(spec.method), { spec, interceptors, gate: options?.requestGate });
      }
      return router;
    },
    rpc() {
      throw new TypeError("only whole services are registered");
    },
  };
  register(router);
  return routes;
}
