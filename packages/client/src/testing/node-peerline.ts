import { createConnectTransport } from "@connectrpc/connect-node";
import wrtc from "@roamhq/wrtc";
import { createPeerline } from "../create-peerline.ts";
import type { MediaSource, OpenedSources, Peerline, PeerlineOptions, PeerlineView } from "../peerline.ts";

/** Tracks of libwebrtc that carry nothing. */
export const silentMedia: MediaSource = {
  async open(sources) {
    const opened: OpenedSources = {};
    for (const source of sources) {
      const { RTCAudioSource, RTCVideoSource } = wrtc.nonstandard;
      const track = source === "microphone" ? new RTCAudioSource() : new RTCVideoSource();
      opened[source] = track.createTrack();
    }
    return opened;
  },
};

/** A Peerline on Node, over HTTP/2 and libwebrtc. */
export function nodePeerline(
  serverUrl: string,
  user: string,
  options: Partial<PeerlineOptions> = {},
): Peerline {
  return createPeerline({
    serverUrl,
    user,
    transport: createConnectTransport({ baseUrl: serverUrl, httpVersion: "2", useBinaryFormat: true }),
    rtc: { createConnection: (configuration) => new wrtc.RTCPeerConnection(configuration) },
    media: silentMedia,
    ...options,
  });
}

/** The first view, present or future, for which `wanted` holds. */
export function until(peerline: Peerline, wanted: (view: PeerlineView) => boolean): Promise<PeerlineView> {
  return new Promise((resolve) => {
    const look = (view: PeerlineView) => {
      if (!wanted(view)) return;
      stop();
      resolve(view);
    };
    const stop = peerline.subscribe(look);
    look(peerline.view());
  });
}

/** A microphone that is heard until it is stopped. There is no camera. */
export function talkingMedia(): { readonly media: MediaSource; stop(): void } {
  const source = new wrtc.nonstandard.RTCAudioSource();
  const sampleRate = 48_000;
  const frameMs = 10;
  const samples = new Int16Array((sampleRate * frameMs) / 1_000);
  const timer = setInterval(() => source.onData({ samples, sampleRate }), frameMs);
  return {
    media: { open: async () => ({ microphone: source.createTrack() }) },
    stop: () => clearInterval(timer),
  };
}
