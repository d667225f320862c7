import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import type { Clock } from "@peerline/call-machine";

export interface LossyNetwork {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Share of the messages that are lost, each way. */
  readonly loss: number;
  readonly roundTripMs: number;
}

/**
 * A transport over a bad network. Each request and each answer takes half a round trip or is lost: then the call is never
 * answered. A streamed message that is lost breaks its stream, as a connection that gives up retransmitting does.
 */
export function lossyTransport(inner: Transport, network: LossyNetwork): Transport {
  const { clock, random } = network;
  const travel = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const cancel = clock.setTimer(clock.now() + network.roundTripMs / 2, resolve);
      signal?.addEventListener("abort", () => {
        cancel();
        reject(new ConnectError("given up", Code.Canceled));
      });
    });
  const silence = (signal: AbortSignal | undefined): Promise<never> =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new ConnectError("given up", Code.Canceled)));
    });
  const isLost = (): boolean => random() < network.loss;

  return {
    async unary(method, signal, ...rest) {
      if (isLost()) return await silence(signal);
      await travel(signal);
      const response = await inner.unary(method, signal, ...rest);
      if (isLost()) return await silence(signal);
      await travel(signal);
      return response;
    },
    async stream(method, signal, ...rest) {
      if (isLost()) return await silence(signal);
      await travel(signal);
      const response = await inner.stream(method, signal, ...rest);
      const messages = response.message;
      const message = (async function* () {
        for await (const item of messages) {
          if (isLost()) throw new ConnectError("the connection broke", Code.Unavailable);
          await travel(signal);
          yield item;
        }
      })();
      return { ...response, message };
    },
  };
}
