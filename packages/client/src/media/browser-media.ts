import type { MediaSource, OpenedSources, SourceName } from "../peerline.ts";
import { refusalOf } from "./refusal.ts";

const constraints: Record<SourceName, MediaStreamConstraints> = {
  microphone: { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } },
  camera: { video: { width: { ideal: 1920 }, height: { ideal: 1080 }, frameRate: { ideal: 30 } } },
};

/**
 * Microphone and camera of a browser. Both are asked for with one prompt; when that is refused each is asked for alone, so
 * that a missing camera does not cost the microphone. With no `getUserMedia` (an insecure page) both are `missing`.
 */
export function browserMedia(
  devices: MediaDevices | undefined = globalThis.navigator?.mediaDevices,
): MediaSource {
  async function openTogether(sources: readonly SourceName[]): Promise<OpenedSources> {
    if (!devices) throw new Error("this page has no media devices: open it over https or on localhost");
    const merged = Object.assign({}, ...sources.map((source) => constraints[source]));
    const stream = await devices.getUserMedia(merged);
    const [microphone] = stream.getAudioTracks();
    const [camera] = stream.getVideoTracks();
    return { ...(microphone ? { microphone } : {}), ...(camera ? { camera } : {}) };
  }

  async function openAlone(source: SourceName): Promise<OpenedSources> {
    try {
      return await openTogether([source]);
    } catch (error) {
      return { [source]: refusalOf(error) };
    }
  }

  return {
    async open(sources) {
      if (sources.length === 0) return {};
      if (sources.length === 1) return openAlone(sources[0] ?? "microphone");
      try {
        return await openTogether(sources);
      } catch {
        return Object.assign({}, ...(await Promise.all(sources.map(openAlone))));
      }
    },
  };
}
