import { useState } from "preact/hooks";
import { texts } from "../state/texts.ts";
import { Icon } from "../ui/icon.tsx";
import { useTrack } from "./use-track.ts";

/** A voice, and a button where the browser wants a tap before it may be heard. UX F3. */
export function TrackAudio({
  track,
  name,
}: {
  readonly track: MediaStreamTrack | undefined;
  readonly name: string;
}) {
  const [refused, setRefused] = useState(false);
  const audio = useTrack<HTMLAudioElement>(track, () => setRefused(true));
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: a live voice has no captions */}
      <audio ref={audio} autoplay data-testid="remote-audio" />
      {refused && track !== undefined && (
        <button
          type="button"
          class="button button-primary tap-to-hear"
          data-testid="tap-to-hear"
          onClick={() => {
            setRefused(false);
            audio.current?.play().catch(() => setRefused(true));
          }}
        >
          <Icon name="sound" size={20} />
          {texts.call.tapToHear(name)}
        </button>
      )}
    </>
  );
}
