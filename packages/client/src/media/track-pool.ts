import type { CallId } from "@peerline/call-machine";
import type { MediaSource, OpenedSources, SourceName } from "../peerline.ts";

/** The open devices, counted by the calls that hold them. */
export interface TrackPool {
  /** Opens what no call holds yet. What nobody holds any more when it opens is stopped at once. */
  acquire(callId: CallId, names: readonly SourceName[]): Promise<OpenedSources>;
  /** Stops the track with its last holder: the device's light goes out. */
  release(callId: CallId, name: SourceName): void;
}

interface Slot {
  readonly holders: Set<CallId>;
  track: MediaStreamTrack | undefined;
  opening: Promise<OpenedSources> | undefined;
}

export function createTrackPool(source: MediaSource): TrackPool {
  const slots: Record<SourceName, Slot> = { microphone: emptySlot(), camera: emptySlot() };

  async function openMissing(names: readonly SourceName[]): Promise<void> {
    const opening = source.open(names);
    for (const name of names) slots[name].opening = opening;
    const opened = await opening;
    for (const name of names) {
      const slot = slots[name];
      if (slot.opening === opening) slot.opening = undefined;
      const answer = opened[name];
      if (answer === undefined || typeof answer === "string") continue;
      if (slot.holders.size === 0 || slot.track) answer.stop();
      else slot.track = answer;
    }
  }

  return {
    async acquire(callId, names) {
      for (const name of names) slots[name].holders.add(callId);
      const missing = names.filter((name) => !isLive(slots[name].track) && !slots[name].opening);
      for (const name of missing) slots[name].track = undefined;
      const pending = names.map((name) => slots[name].opening).filter((opening) => opening !== undefined);
      const own = missing.length > 0 ? openMissing(missing) : undefined;
      const openings = names.map((name) => slots[name].opening);
      await Promise.all([own, ...pending]);
      const answers = Object.assign({}, ...(await Promise.all(openings)));
      return Object.fromEntries(names.map((name) => [name, slots[name].track ?? answers[name] ?? "missing"]));
    },
    release(callId, name) {
      const slot = slots[name];
      if (!slot.holders.delete(callId) || slot.holders.size > 0) return;
      slot.track?.stop();
      slot.track = undefined;
    },
  };
}

function emptySlot(): Slot {
  return { holders: new Set(), track: undefined, opening: undefined };
}

function isLive(track: MediaStreamTrack | undefined): boolean {
  return track?.readyState === "live";
}
