import type { Clock } from "@peerline/call-machine";
import type { ConnectionLike } from "./connection-like.ts";
import { readReceived } from "./received.ts";
import { believed, delivers, doubt, look, lookEveryMs } from "./silence.ts";

/** Looks a few times a second whether a connection delivers. PROTOCOL 2.5. */
export interface SilenceWatch {
  /** From the first time that the connection is connected. Idempotent. */
  begin(): void;
  /** An ICE restart begins. */
  restarted(): void;
  /** Whether a connection that the platform calls connected is. */
  delivers(): boolean;
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
  /** `delivers` changed. */
  readonly onChange: () => void;
}

/** One light reading of `getStats` per look, never two at once. */
export function createSilenceWatch(parts: SilenceWatchParts): SilenceWatch {
  const { connection, clock, isConnected, canProbe } = parts;
  let silence = believed;
  let lastAt = 0;
  let stopTimer: (() => void) | undefined;
  let closed = false;

  function lookLater() {
    if (!closed) stopTimer = clock.setTimer(clock.now() + lookEveryMs, () => void lookNow());
  }

  async function lookNow(): Promise<void> {
    const report = await connection.getStats().catch(() => undefined);
    if (closed) return;
    if (report !== undefined) take(report.values());
    lookLater();
  }

  function take(report: Iterable<unknown>) {
    const before = delivers(silence);
    const at = clock.now();
    const [next, { probe }] = look(silence, {
      received: readReceived(report),
      elapsedMs: at - lastAt,
      connected: isConnected(),
      canProbe: canProbe(),
    });
    silence = next;
    lastAt = at;
    if (probe) parts.probe();
    if (before !== delivers(silence)) parts.onChange();
  }

  return {
    begin() {
      if (stopTimer !== undefined || closed) return;
      lastAt = clock.now();
      lookLater();
    },
    restarted() {
      silence = doubt(silence);
    },
    delivers: () => delivers(silence),
    close() {
      closed = true;
      stopTimer?.();
    },
  };
}
