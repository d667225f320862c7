import type { CallId, CallView, Clock } from "@peerline/call-machine";
import type { PeerStats } from "@peerline/peer-connection";

const sampleEveryMs = 2_000;

/** Samples the statistics of each live call every 2 s, and once more as soon as it is live. */
export function createStatsSampler(
  clock: Clock,
  sample: (callId: CallId) => Promise<PeerStats | undefined>,
  onStats: (callId: CallId, stats: PeerStats) => void,
): (calls: readonly CallView[]) => void {
  const timers = new Map<CallId, () => void>();

  async function take(callId: CallId): Promise<void> {
    const turn = timers.get(callId);
    const stats = await sample(callId).catch(() => undefined);
    // A call that was lost and is live again is sampled by another turn.
    if (timers.get(callId) !== turn) return;
    timers.set(
      callId,
      clock.setTimer(clock.now() + sampleEveryMs, () => void take(callId)),
    );
    if (stats) onStats(callId, stats);
  }

  return (calls) => {
    const live = new Set(calls.filter(({ phase }) => phase === "live").map(({ callId }) => callId));
    for (const [callId, cancel] of timers) {
      if (live.has(callId)) continue;
      cancel();
      timers.delete(callId);
    }
    for (const callId of live) {
      if (timers.has(callId)) continue;
      timers.set(callId, () => undefined);
      void take(callId);
    }
  };
}
