import { useLayoutEffect, useRef } from "preact/hooks";
import { playGate } from "./play-gate.ts";

/** A ref for a media element that shows `track`, and nothing when there is none. */
export function useTrack<Element extends HTMLMediaElement>(track: MediaStreamTrack | undefined) {
  const element = useRef<Element>(null);
  useLayoutEffect(() => {
    const media = element.current;
    if (!media) return;
    media.srcObject = track ? new MediaStream([track]) : null;
    if (track) playGate.play(media);
    return () => playGate.forget(media);
  }, [track]);
  return element;
}
