import type { MediaSource, OpenedSources, SourceName, SourceRefusal } from "../peerline.ts";

/** A track without a device. */
export function fakeTrack(kind: "audio" | "video"): MediaStreamTrack {
  const events = new EventTarget();
  const track = {
    kind,
    enabled: true,
    readyState: "live" as MediaStreamTrackState,
    stop() {
      track.readyState = "ended";
    },
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
    dispatchEvent: events.dispatchEvent.bind(events),
  };
  return track as unknown as MediaStreamTrack;
}

export interface FakeMedia extends MediaSource {
  /** Every question that was asked, in order. */
  readonly asked: readonly (readonly SourceName[])[];
  /** Every track that was given, in order. */
  readonly tracks: readonly MediaStreamTrack[];
  /** Answers the oldest open question; a source that is not named opens. */
  answer(refusals?: Partial<Record<SourceName, SourceRefusal>>): void;
}

/** Devices whose prompts a test answers. */
export function fakeMedia(): FakeMedia {
  const asked: (readonly SourceName[])[] = [];
  const tracks: MediaStreamTrack[] = [];
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
