import { Code, ConnectError } from "@connectrpc/connect";
import { createPipe, type Pipe } from "./pipe.ts";
import {
  arrive,
  brokenConnection,
  defaultDelayMs,
  type Exchange,
  fateOf,
  type Host,
  sendRequest,
  serverNoticesMs,
  type Wire,
} from "./wire.ts";

export interface StreamCall {
  readonly rpc: string;
  readonly input: unknown;
  readonly signal: AbortSignal | undefined;
  readonly open: (host: Host, signal: AbortSignal) => Promise<AsyncIterable<unknown>>;
}

interface Stream {
  readonly wire: Wire;
  readonly call: StreamCall;
  readonly exchange: Exchange;
  readonly pipe: Pipe<unknown>;
  /** Ends the server's side. */
  readonly server: AbortController;
  /** Nothing comes through any more, and nobody knows. */
  isHalfOpen: boolean;
  /** When the last frame arrives: a stream keeps order. */
  inOrderAt: number;
}

/** One server stream over a wire: frames in order, until either side ends it or the connection breaks. */
export function exchangeStream(wire: Wire, call: StreamCall): AsyncIterable<unknown> {
  const stream: Stream = {
    wire,
    call,
    exchange: { rpc: call.rpc, break: () => breakStream(stream) },
    pipe: createPipe(),
    server: new AbortController(),
    isHalfOpen: false,
    inOrderAt: 0,
  };
  wire.exchanges.add(stream.exchange);
  call.signal?.addEventListener("abort", () => hangUp(stream), { once: true });
  sendRequest(wire, call.rpc, call.input, {
    onLoss: stream.exchange.break,
    onArrival(host, isCopy) {
      if (!isCopy) void serve(stream, host);
    },
  });
  return stream.pipe.items;
}

/** For the endpoint the stream is over. */
function end({ wire, exchange }: Stream, how: () => void): void {
  if (wire.exchanges.delete(exchange)) wire.process.enter(how);
}

function tellServer({ wire, server }: Stream, afterMs: number): void {
  wire.clock.setTimer(wire.clock.now() + afterMs, () => server.abort());
}

function breakStream(stream: Stream): void {
  const { wire, exchange, pipe } = stream;
  if (!wire.exchanges.has(exchange)) return;
  wire.totals.cutStreams += 1;
  end(stream, () => pipe.fail(brokenConnection()));
  tellServer(stream, stream.isHalfOpen || wire.isPaused ? serverNoticesMs : defaultDelayMs);
}

function hangUp(stream: Stream): void {
  const { wire, pipe, call } = stream;
  end(stream, () => pipe.fail(new ConnectError("aborted", Code.Canceled)));
  const fate = fateOf(wire, "hangup", call.rpc, undefined);
  const isUnheard = stream.isHalfOpen || wire.isPaused || fate.loss !== undefined;
  tellServer(stream, isUnheard ? serverNoticesMs : fate.delayMs);
}

async function serve(stream: Stream, host: Host): Promise<void> {
  const { wire, server, call, exchange, pipe } = stream;
  const gone = () => {
    server.abort();
    arrive(wire, wire.clock.now() + defaultDelayMs, exchange.break);
  };
  host.gone.addEventListener("abort", gone, { once: true });
  const closes = (how: () => void) => {
    if (!stream.isHalfOpen && !host.gone.aborted) inOrder(stream, defaultDelayMs, () => end(stream, how));
  };
  try {
    for await (const frame of await call.open(host, server.signal)) {
      if (!host.gone.aborted) onFrame(stream, frame);
    }
    closes(pipe.end);
  } catch (reason) {
    closes(() => pipe.fail(reason));
  } finally {
    host.gone.removeEventListener("abort", gone);
  }
}

function onFrame(stream: Stream, frame: unknown): void {
  const { wire, exchange, pipe, call } = stream;
  if (stream.isHalfOpen || !wire.exchanges.has(exchange)) return;
  const { totals } = wire;
  const fate = fateOf(wire, "frame", call.rpc, frame);
  totals.frames += 1;
  if (fate.loss === "silent") {
    stream.isHalfOpen = true;
    totals.halfOpenStreams += 1;
  }
  if (fate.loss === "error") inOrder(stream, fate.delayMs, exchange.break);
  if (fate.loss) return;
  const deliver = () => wire.process.enter(() => pipe.push(frame));
  inOrder(stream, fate.delayMs, deliver);
  if (fate.copyAfterMs === undefined) return;
  totals.doubledFrames += 1;
  inOrder(stream, fate.delayMs + fate.copyAfterMs, deliver);
}

function inOrder(stream: Stream, delayMs: number, run: () => void): void {
  const { wire } = stream;
  stream.inOrderAt = Math.max(stream.inOrderAt, wire.clock.now() + delayMs);
  arrive(wire, stream.inOrderAt, run);
}
