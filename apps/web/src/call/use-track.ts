import { useLayoutEffect, useRef } from "preact/hooks";

/** A ref for a media element that shows `track`, and nothing when there is none. `onRefused`: the browser wants a click first. */
export function useTrack<Element extends HTMLMediaElement>(
  track: MediaStreamTrack | undefined,
  onRefused?: () => void,
) {
  const element = useRef<Element>(null);
  useLayoutEffect(() => {
    const media = element.current;
    if (!media) return;
    media.srcObject = track ? new MediaStream([track]) : null;
    if (track) media.play().catch((error: unknown) => isRefusal(error) && onRefused?.());
  }, [track]);
  return element;
}

/** Every other rejection means that the element got something else to play. */
function isRefusal(error: unknown): boolean {
  return error instanceof DOMException && error.name === "NotAllowedError";
}
