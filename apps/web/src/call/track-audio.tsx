import { texts } from "../state/texts.ts";
import { Icon } from "../ui/icon.tsx";
import { playGate } from "./play-gate.ts";
import { useTrack } from "./use-track.ts";

/** A voice, and a button where the browser wants a tap before anything may be heard or seen. */
export function TrackAudio({
  track,
  name,
}: {
  readonly track: MediaStreamTrack | undefined;
  readonly name: string;
}) {
  const audio = useTrack<HTMLAudioElement>(track);
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: a live voice has no captions */}
      <audio ref={audio} autoplay data-testid="remote-audio" />
      {playGate.isShut.value && (
        <button
          type="button"
          class="button button-primary tap-to-hear"
          data-testid="tap-to-hear"
          onClick={playGate.open}
        >
          <Icon name="sound" size={20} />
          {texts.call.tapToHear(name)}
        </button>
      )}
    </>
  );
}
