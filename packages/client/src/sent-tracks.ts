import type { LocalMediaState } from "@peerline/call-machine";
import type { CallTracks } from "./peerline.ts";

/** What goes out: the device's track, or what takes its place, and nothing of a source that is off. */
export function sentTracks(devices: CallTracks, instead: CallTracks, media: LocalMediaState): CallTracks {
  const microphone = media.microphone === "on" ? (instead.microphone ?? devices.microphone) : undefined;
  const camera = media.camera === "on" ? (instead.camera ?? devices.camera) : undefined;
  return { ...(microphone ? { microphone } : {}), ...(camera ? { camera } : {}) };
}
