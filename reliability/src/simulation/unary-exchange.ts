import { Code, ConnectError } from "@connectrpc/connect";
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

export interface UnaryCall {
  readonly rpc: string;
  readonly input: unknown;
  readonly signal: AbortSignal | undefined;
  readonly run: (host: Host, signal: AbortSignal) => Promise<{ readonly message: unknown }>;
}

/** One unary call over a wire. The answer to a copy of a request reaches nobody. */
export function exchangeUnary(wire: Wire, { rpc, input, signal, run }: UnaryCall): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const { process, exchanges, totals, clock } = wire;
  const server = new AbortController();
  const settle = (how: () => void) => {
    if (exchanges.delete(exchange)) process.enter(how);
  };
  /** The endpoint does not wait any more; the server hears of it, or finds out. */
  const giveUp = (reason: ConnectError) => {
    if (!exchanges.has(exchange)) return;
    settle(() => reject(reason));
    clock.setTimer(clock.now() + (wire.isPaused ? serverNoticesMs : defaultDelayMs), () => server.abort());
  };
  const exchange: Exchange = { rpc, break: () => giveUp(brokenConnection()) };
  const answer = (how: () => void, message: unknown) => {
    const fate = fateOf(wire, "response", rpc, message);
    totals.responses += 1;
    if (fate.loss) totals.lostResponses += 1;
    if (fate.loss === "silent") return;
    arrive(wire, clock.now() + fate.delayMs, () => (fate.loss ? exchange.break() : settle(how)));
  };

  exchanges.add(exchange);
  signal?.addEventListener("abort", () => settle(() => reject(new ConnectError("aborted", Code.Canceled))), {
    once: true,
  });
  sendRequest(wire, rpc, input, {
    onLoss: exchange.break,
    onArrival(host, isCopy) {
      const gone = () => arrive(wire, clock.now() + defaultDelayMs, exchange.break);
      host.gone.addEventListener("abort", gone, { once: true });
      const finish = (how: () => void, message: unknown) => {
        host.gone.removeEventListener("abort", gone);
        if (!host.gone.aborted && !isCopy) answer(how, message);
      };
      run(host, server.signal).then(
        ({ message }) => finish(() => resolve(message), message),
        (reason: unknown) => finish(() => reject(reason), reason),
      );
    },
  });
  return promise;
}
