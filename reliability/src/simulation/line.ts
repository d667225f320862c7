import type { DescMethod, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import type { Rule } from "./passage.ts";
import { exchangeStream } from "./stream-exchange.ts";
import { exchangeUnary } from "./unary-exchange.ts";
import type { LineOptions, Wire } from "./wire.ts";

/** Everything that goes between one endpoint and the server: a Connect transport that does as its rules say. */
export interface Line {
  readonly transport: Transport;
  /** The network is gone: what is under way waits, as TCP lets it, and nobody is told. */
  pause(): void;
  resume(): void;
  /** Every connection breaks. Both sides are told; while paused only the endpoint is, and the server much later. */
  cut(): void;
  /** The device is gone, and nobody is told: what was on its way is lost, and the server finds out by itself. */
  sever(): void;
  /** Asked before all other rules. Undefined: none. */
  setRule(rule: Rule | undefined): void;
  /** Requests and streams that are open. */
  open(): number;
  /** Requests with commands or heartbeats that have no answer yet. */
  waiting(): number;
  /** Messages that were sent and have not arrived. */
  underWay(): number;
}

export function createLine(options: LineOptions): Line {
  const wire: Wire = {
    ...options,
    exchanges: new Set(),
    held: [],
    isPaused: false,
    isSevered: false,
    rule: undefined,
    sent: 0,
    arrived: 0,
    underWay: 0,
  };
  return {
    transport: createTransport(wire),
    pause() {
      wire.isPaused = true;
    },
    resume() {
      wire.isPaused = false;
      for (const land of wire.held.splice(0)) land();
    },
    cut: () => cut(wire),
    sever() {
      wire.isPaused = true;
      cut(wire);
      wire.isSevered = true;
    },
    setRule(rule) {
      wire.rule = rule;
    },
    open: () => wire.exchanges.size,
    waiting: () => [...wire.exchanges].filter(({ rpc }) => rpc === "send").length,
    underWay: () => wire.underWay,
  };
}

function cut(wire: Wire): void {
  // What a dead connection had not delivered, it never will.
  if (wire.isPaused) wire.underWay -= wire.held.splice(0).length;
  for (const exchange of [...wire.exchanges]) exchange.break();
}

function createTransport(wire: Wire): Transport {
  return {
    async unary(method, signal, _timeoutMs, header, input) {
      const message = await exchangeUnary(wire, {
        rpc: method.localName,
        input,
        signal,
        run: (host, ends) => host.transport.unary(method, ends, undefined, header, input),
      });
      return {
        ...common(method),
        stream: false,
        method,
        message: message as MessageShape<typeof method.output>,
      };
    },
    async stream(method, signal, _timeoutMs, header, input) {
      const requests: MessageInitShape<typeof method.input>[] = [];
      for await (const request of input) requests.push(request);
      const message = exchangeStream(wire, {
        rpc: method.localName,
        input: requests[0],
        signal,
        async open(host, ends) {
          const response = await host.transport.stream(method, ends, undefined, header, from(requests));
          return response.message;
        },
      });
      return {
        ...common(method),
        stream: true,
        method,
        message: message as AsyncIterable<MessageShape<typeof method.output>>,
      };
    },
  };
}

function common(method: DescMethod) {
  return { service: method.parent, header: new Headers(), trailer: new Headers() };
}

async function* from<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}
