import type { MediaSource, OpenedSources, SourceName, SourceRefusal } from "../peerline.ts";

/** A track without a device. `listeners` counts those that hold on to it: libwebrtc in Node keeps both for ever. */
export function fakeTrack(kind: "audio" | "video"): MediaStreamTrack & { listeners(): number } {
  const events = new EventTarget();
  const heard = new Set<unknown>();
  const track = {
    kind,
    enabled: true,
    readyState: "live" as MediaStreamTrackState,
    stop() {
      track.readyState = "ended";
    },
    addEventListener(...[type, listener, options]: Parameters<EventTarget["addEventListener"]>) {
      heard.add(listener);
      events.addEventListener(type, listener, options);
    },
    removeEventListener(...[type, listener]: Parameters<EventTarget["removeEventListener"]>) {
      heard.delete(listener);
      events.removeEventListener(type, listener);
    },
    dispatchEvent: events.dispatchEvent.bind(events),
    listeners: () => heard.size,
  };
  return track as unknown as MediaStreamTrack & { listeners(): number };
}

export interface FakeMedia extends MediaSource {
  /** Every question that was asked, in order. */
  readonly asked: readonly (readonly SourceName[])[];
  /** Every track that was given, in order. */
  readonly tracks: readonly ReturnType<typeof fakeTrack>[];
  /** Answers the oldest open question; a source that is not named opens. */
  answer(refusals?: Partial<Record<SourceName, SourceRefusal>>): void;
}

/** Devices whose prompts a test answers. */
export function fakeMedia(): FakeMedia {
  const asked: (readonly SourceName[])[] = [];
  const tracks: ReturnType<typeof fakeTrack>[] = [];
  const open: ((refusals: Partial<Record<SourceName, SourceRefusal>>) => void)[] = [];
  return {
    asked,
    tracks,
    open(sources) {
      asked.push(sources);
      return new Promise<OpenedSources>((resolve) => {
        open.push((refusals) => {
          const opened: OpenedSources = {};
          for (const source of sources) opened[source] = refusals[source] ?? give(source);
          resolve(opened);
        });
      });
    },
    answer: (refusals = {}) => open.shift()?.(refusals),
  };

  function give(source: SourceName): MediaStreamTrack {
    const track = fakeTrack(source === "microphone" ? "audio" : "video");
    tracks.push(track);
    return track;
  }
}
