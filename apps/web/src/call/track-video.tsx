import type { PictureFit } from "../state/picture-fit.ts";
import { useTrack } from "./use-track.ts";

export interface TrackVideoProps {
  readonly track: MediaStreamTrack | undefined;
  readonly class: string;
  readonly testId: string;
  readonly label: string;
  /** False: there, but not to be seen. */
  readonly isShown: boolean;
  readonly fit?: PictureFit;
  /** The picture has another size than before. */
  readonly onShape?: () => void;
}

/** A picture without sound, so that every browser plays it at once. */
export function TrackVideo({
  track,
  class: className,
  testId,
  label,
  isShown,
  fit,
  onShape,
}: TrackVideoProps) {
  const video = useTrack<HTMLVideoElement>(track);
  return (
    <video
      ref={video}
      class={className}
      data-testid={testId}
      data-shown={isShown}
      data-fit={fit}
      onResize={() => onShape?.()}
      aria-label={label}
      autoplay
      playsInline
      muted
    />
  );
}
