import type { CallHealth, SignalingInput, SignalingPort } from "../ports.ts";
import type { ExchangeEndpoint } from "./exchange.ts";
import { createInbox } from "./lossy-inbox.ts";
import { lossyNetwork, type NetworkOptions } from "./lossy-network.ts";
import { createOutbox } from "./lossy-outbox.ts";

export interface LossyLinkOptions extends NetworkOptions {
  readonly endpoint: ExchangeEndpoint;
}

/**
 * A signaling session over a bad network: commands are retried under their numbers, events are put back in order by
 * offset. What reaches the receiver is exactly once and in order, but results, events and timers interleave in any way.
 */
export interface LossyLink extends SignalingPort {
  /** The stream breaks, and is back after `forMs`. */
  interrupt(forMs: number): void;
  /** What `setCalls` last named. */
  calls(): readonly CallHealth[];
}

export function lossyLink(options: LossyLinkOptions): LossyLink {
  const network = lossyNetwork(options);
  const { endpoint, clock } = options;
  let receive: ((input: SignalingInput) => void) | undefined;
  let calls: readonly CallHealth[] = [];

  const outbox = createOutbox(endpoint, clock, network, (input) => receive?.(input), open);
  const inbox = createInbox(endpoint, clock, network, (input) => receive?.(input));

  function open(): void {
    network.up(() => {
      const hello = endpoint.open(inbox.cursor());
      inbox.opened(hello.epoch, hello.resumed, hello.top);
      receive?.({
        type: "hello",
        resumed: hello.resumed,
        snapshot: hello.snapshot,
        timers: {},
        iceServers: [],
      });
      inbox.replay();
      outbox.opened(hello.epoch, hello.lastSeq);
    });
  }

  function close(): void {
    network.down();
    outbox.closed();
    inbox.closed();
  }

  return {
    start(deliver) {
      receive = deliver;
      endpoint.listen((event) => inbox.pushed(event));
      open();
    },
    send: outbox.add,
    setCalls(next) {
      calls = next;
    },
    wake() {},
    stop(intent) {
      close();
      receive = undefined;
      if (intent === "sign-out") endpoint.lose();
    },
    calls: () => calls,
    interrupt(forMs) {
      close();
      receive?.({
        type: "interrupted",
        retryInMs: forMs,
        code: "unreachable",
        text: "the test cut the stream",
      });
      clock.setTimer(clock.now() + forMs, () => receive && open());
    },
  };
}
