import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { fitOf, type PictureFit } from "../state/picture-fit.ts";
import type { CallDesk } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "../ui/icon.tsx";
import { TrackVideo } from "./track-video.tsx";

export interface RemotePicture {
  readonly picture: preact.JSX.Element;
  /** Switches between the whole picture and a full window. */
  readonly fitButton: preact.JSX.Element;
}

export interface RemotePictureOptions {
  readonly track: MediaStreamTrack | undefined;
  readonly name: string;
  readonly isShown: boolean;
  readonly desk: CallDesk;
}

/** The other person's picture in its frame, whole unless the shapes are close or the person wants it otherwise. */
export function useRemotePicture({ track, name, isShown, desk }: RemotePictureOptions): RemotePicture {
  const frame = useRef<HTMLDivElement>(null);
  const suggested = useSignal<PictureFit>("contain");
  const fit = desk.fit.value ?? suggested.value;

  function measure(): void {
    const video = frame.current?.querySelector("video");
    if (!frame.current || !video) return;
    const { clientWidth: width, clientHeight: height } = frame.current;
    suggested.value = fitOf({ width: video.videoWidth, height: video.videoHeight }, { width, height });
  }

  useEffect(() => {
    const observer = new ResizeObserver(measure);
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);

  function toggle(): void {
    desk.fit.value = fit === "cover" ? "contain" : "cover";
  }

  const label = fit === "cover" ? texts.call.fitWhole : texts.call.fitFill;
  return {
    picture: (
      // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the button
      <div class="remote-frame" ref={frame} onDblClick={toggle}>
        <TrackVideo
          track={track}
          class="remote-video"
          testId="remote-video"
          label={texts.call.remoteVideo(name)}
          isShown={isShown}
          fit={fit}
          onShape={measure}
        />
      </div>
    ),
    fitButton: (
      <button
        type="button"
        class="icon-button remote-fit"
        aria-label={label}
        title={label}
        data-testid="picture-fit"
        onClick={toggle}
      >
        <Icon name={fit === "cover" ? "shrink" : "grow"} size={20} />
      </button>
    ),
  };
}
