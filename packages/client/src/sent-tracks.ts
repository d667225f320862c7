import type { LocalMediaState } from "@peerline/call-machine";
import type { CallTracks } from "./peerline.ts";

/** What goes out: the device's track, or what takes its place until it ends, and nothing of a source that is off. */
export function sentTracks(devices: CallTracks, instead: CallTracks, media: LocalMediaState): CallTracks {
  const microphone = media.microphone === "on" ? (live(instead.microphone) ?? devices.microphone) : undefined;
  const camera = media.camera === "on" ? (live(instead.camera) ?? devices.camera) : undefined;
  return { ...(microphone ? { microphone } : {}), ...(camera ? { camera } : {}) };
}

/** Runs at once, and again when one of these ends, as a screen does that is not shared any more. */
export function nowAndAtEnds({ microphone, camera }: CallTracks, run: () => void): void {
  for (const track of [microphone, camera]) track?.addEventListener?.("ended", run, { once: true });
  run();
}

function live(track: MediaStreamTrack | undefined): MediaStreamTrack | undefined {
  return track?.readyState === "ended" ? undefined : track;
}
