import type { CallView } from "@peerline/call-machine";
import type { CallDetails } from "@peerline/client";
import { isWanted } from "../state/call-selectors.ts";
import { useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon } from "../ui/icon.tsx";
import { TrackVideo } from "./track-video.tsx";

export interface LocalTileProps {
  readonly call: CallView;
  readonly details: CallDetails | undefined;
  readonly name: string;
}

/** How the other person sees this one, mirrored as people know themselves. Nothing in a call without pictures. */
export function LocalTile({ call, details, name }: LocalTileProps) {
  const { user } = useSession().view.value;
  const track = details?.localTracks.camera;
  const isStarting = call.phase === "dialing" || call.phase === "accepting";
  const isOpening = call.local.camera === "opening" || (isStarting && call.local.camera === "off");
  if (call.kind !== "video" && !isWanted(call.local.camera)) return null;
  return (
    <section class="local-tile">
      <TrackVideo
        track={track}
        class={isRearCamera(track) ? "local-video" : "local-video mirrored"}
        testId="local-video"
        label={texts.call.localVideo}
        isShown={track !== undefined}
      />
      {!track && (
        <div class="local-person">
          <Avatar name={name} user={user} size="small" />
          <span>{isOpening ? texts.call.startingCamera : texts.call.cameraOff}</span>
        </div>
      )}
      <span class="local-name">
        {!isWanted(call.local.microphone) && <Icon name="microphoneOff" size={14} />}
        {texts.call.you}
      </span>
    </section>
  );
}

function isRearCamera(track: MediaStreamTrack | undefined): boolean {
  return track?.getSettings().facingMode === "environment";
}
