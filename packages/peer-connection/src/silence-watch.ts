import type { Clock } from "@peerline/call-machine";
import type { ConnectionLike } from "./connection-like.ts";
import { type Received, readReceived } from "./received.ts";
import {
  believed,
  doubt,
  type Incoming,
  incoming,
  look,
  lookEveryMs,
  type PathVerdict,
  verdict,
} from "./silence.ts";

/** A platform that has not answered for so many looks is asked anew; each of them finds nothing. */
const maxLooksPerReading = 20;

/** Looks a few times a second whether a connection delivers. PROTOCOL 2.5. */
export interface SilenceWatch {
  /** From the first time that the connection is connected. Idempotent. */
  begin(): void;
  /** An ICE restart begins. Before `begin` there is nothing to doubt. */
  restarted(): void;
  /** Whether a connection that the platform calls connected is. */
  verdict(): PathVerdict;
  /** Leaves no timer. */
  close(): void;
}

export interface SilenceWatchParts {
  readonly connection: Pick<ConnectionLike, "getStats">;
  readonly clock: Clock;
  readonly isConnected: () => boolean;
  readonly canProbe: () => boolean;
  /** Sends something that the peer's stack acknowledges by itself. */
  readonly probe: () => void;
  /** `verdict` changed. */
  readonly onChange: () => void;
  /** At the first reading that counts, and with each change. */
  readonly onIncoming: (incoming: Incoming<boolean>) => void;
}

/** One light reading of `getStats` per look, never two at once. A platform that fails to answer has counted nothing. */
export function createSilenceWatch(parts: SilenceWatchParts): SilenceWatch {
  const { connection, clock, isConnected, canProbe } = parts;
  let silence = believed;
  let lastAt = 0;
  let stopTimer: (() => void) | undefined;
  let closed = false;
  let told: Incoming<boolean> | undefined;
  let reading: { looks: number } | undefined;

  function lookLater() {
    stopTimer = clock.setTimer(clock.now() + lookEveryMs, lookNow);
  }

  function lookNow() {
    lookLater();
    if (reading !== undefined) take(undefined);
    if (reading === undefined || ++reading.looks >= maxLooksPerReading) void read();
  }

  async function read(): Promise<void> {
    const own = { looks: 0 };
    reading = own;
    const received = await readOnce().catch(() => undefined);
    if (closed || reading !== own) return;
    reading = undefined;
    take(received);
  }

  async function readOnce() {
    return readReceived((await connection.getStats()).values());
  }

  function take(received: Received | undefined) {
    const before = silence;
    const at = clock.now();
    const [next, { probe }] = look(silence, {
      received,
      elapsedMs: at - lastAt,
      connected: isConnected(),
      canProbe: canProbe(),
    });
    silence = next;
    lastAt = at;
    if (probe) parts.probe();
    if (verdict(before) !== verdict(silence)) parts.onChange();
    tellIncoming(incoming(silence));
  }

  function tellIncoming(now: Incoming<boolean>) {
    if (silence.received === undefined) return;
    if (told?.audio === now.audio && told.video === now.video) return;
    told = now;
    parts.onIncoming(now);
  }

  return {
    begin() {
      if (stopTimer !== undefined || closed) return;
      lastAt = clock.now();
      lookLater();
    },
    restarted() {
      // Where nothing was counted yet, a platform that says itself when it is connected again is believed.
      const isTold = silence.received === undefined && !isConnected();
      if (stopTimer !== undefined && !isTold) silence = doubt(silence);
    },
    verdict: () => verdict(silence),
    close() {
      closed = true;
      stopTimer?.();
    },
  };
}
