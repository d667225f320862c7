import type { CallId, Report } from "@peerline/call-machine";
import type { MediaSource, OpenedSources, SourceName, SourceRefusal } from "../peerline.ts";
import { openedSources, stopTrack } from "./opened-sources.ts";
import { refusalOf } from "./refusal.ts";

/** The open devices, counted by the calls that hold them. */
export interface TrackPool {
  /**
   * Opens what no call holds yet; `again`: also what is being opened, for a question that nobody answered. Settles when the
   * source does, perhaps never, and does not reject. What nobody holds any more when it opens is stopped at once.
   */
  acquire(callId: CallId, names: readonly SourceName[], again: boolean): Promise<OpenedSources>;
  /** Whether this call uses what it holds. A device is on while any call does. */
  enable(callId: CallId, name: SourceName, isOn: boolean): void;
  /** Stops the track with its last holder: the device's light goes out. */
  release(callId: CallId, name: SourceName): void;
}

interface Slot {
  /** Each with whether it uses the device. */
  readonly holders: Map<CallId, boolean>;
  track: MediaStreamTrack | undefined;
  opening: Promise<OpenedSources> | undefined;
}

export function createTrackPool(source: MediaSource, report: Report): TrackPool {
  const slots: Record<SourceName, Slot> = { microphone: emptySlot(), camera: emptySlot() };

  async function ask(names: readonly SourceName[]): Promise<OpenedSources> {
    try {
      return openedSources(names, await source.open(names), (name) => {
        report("media.open", new TypeError(`gave neither a live track nor a refusal for the ${name}`));
      });
    } catch (thrown) {
      const refusal = refusalOf(thrown);
      report("media.open", thrown);
      return Object.fromEntries(names.map((name) => [name, refusal]));
    }
  }

  async function openMissing(names: readonly SourceName[]): Promise<void> {
    const opening = ask(names);
    for (const name of names) slots[name].opening = opening;
    const opened = await opening;
    for (const name of names) {
      const slot = slots[name];
      if (slot.opening === opening) slot.opening = undefined;
      const answer = opened[name];
      if (answer === undefined || typeof answer === "string") continue;
      if (slot.holders.size === 0 || isLive(slot.track)) stopTrack(answer);
      else slot.track = answer;
    }
  }

  function answerOf(name: SourceName, answers: OpenedSources): MediaStreamTrack | SourceRefusal {
    const answer = answers[name];
    return slots[name].track ?? (typeof answer === "string" ? answer : "missing");
  }

  return {
    async acquire(callId, names, again) {
      for (const name of names) slots[name].holders.set(callId, false);
      const missing = names.filter((name) => !isLive(slots[name].track) && (again || !slots[name].opening));
      for (const name of missing) slots[name].track = undefined;
      const own = missing.length > 0 ? openMissing(missing) : undefined;
      const openings = names.map((name) => slots[name].opening);
      const answers = Object.assign({}, ...(await Promise.all(openings)));
      await own;
      return Object.fromEntries(names.map((name) => [name, answerOf(name, answers)]));
    },
    enable(callId, name, isOn) {
      const { holders, track } = slots[name];
      if (!holders.has(callId)) return;
      holders.set(callId, isOn);
      switchTrack(track, holders);
    },
    release(callId, name) {
      const slot = slots[name];
      if (!slot.holders.delete(callId)) return;
      if (slot.holders.size > 0) return switchTrack(slot.track, slot.holders);
      if (slot.track) stopTrack(slot.track);
      slot.track = undefined;
    },
  };
}

function switchTrack(track: MediaStreamTrack | undefined, holders: ReadonlyMap<CallId, boolean>): void {
  if (track) track.enabled = [...holders.values()].includes(true);
}

function emptySlot(): Slot {
  return { holders: new Map(), track: undefined, opening: undefined };
}

function isLive(track: MediaStreamTrack | undefined): boolean {
  return track?.readyState === "live";
}
