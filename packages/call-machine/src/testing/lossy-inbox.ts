import type { Event } from "@peerline/protocol";
import type { Clock, SignalingInput } from "../ports.ts";
import type { ExchangeCursor, ExchangeEndpoint } from "./exchange.ts";
import type { Network } from "./lossy-network.ts";

const checkMs = 300;

/** Applies events by offset, asks again for what is missing, and drops what it has. PROTOCOL 1.2. */
export function createInbox(
  endpoint: ExchangeEndpoint,
  clock: Clock,
  network: Network,
  deliver: (input: SignalingInput) => void,
) {
  let epoch: string | undefined;
  let offset = 0;
  let caughtUpAt: number | undefined;
  let stopCheck: (() => void) | undefined;

  function arrived(event: Event): void {
    if (Number(event.offset) > offset + 1) check();
    if (Number(event.offset) !== offset + 1) return;
    offset += 1;
    deliver({ type: "event", event });
    tellCaughtUp();
    if (offset === endpoint.top()) settled();
  }

  function tellCaughtUp(): void {
    if (caughtUpAt === undefined || offset < caughtUpAt) return;
    caughtUpAt = undefined;
    deliver({ type: "caughtUp" });
  }

  /** Also what a ping with the newest offset leads to, so that a lost last event is noticed. */
  function check(): void {
    stopCheck ??= clock.setTimer(clock.now() + checkMs, () => {
      stopCheck = undefined;
      if (network.isUp() && offset < endpoint.top()) redeliver();
    });
  }

  function settled(): void {
    stopCheck?.();
    stopCheck = undefined;
  }

  function redeliver(): void {
    for (const event of endpoint.read(offset)) network.carry(() => arrived(event));
    check();
  }

  return {
    cursor: (): ExchangeCursor | undefined => (epoch === undefined ? undefined : { epoch, offset }),
    opened(next: string, resumed: boolean, top: number): void {
      epoch = next;
      if (!resumed) offset = top;
      caughtUpAt = top;
    },
    replay(): void {
      tellCaughtUp();
      if (offset < endpoint.top()) redeliver();
    },
    pushed(event: Event): void {
      network.carry(() => arrived(event));
      if (network.isUp()) check();
    },
    closed: settled,
  };
}
