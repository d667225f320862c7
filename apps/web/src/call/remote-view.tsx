import type { CallView } from "@peerline/call-machine";
import type { CallDetails } from "@peerline/client";
import { remoteLook } from "../state/call-selectors.ts";
import { texts } from "../state/texts.ts";
import { hueOf } from "../state/user-name.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon } from "../ui/icon.tsx";
import { TrackVideo } from "./track-video.tsx";
import { usePhaseText } from "./use-phase-text.ts";

/** The other person: their picture, or who they are while there is none. Their voice is elsewhere (remote-audio.tsx). */
export function RemoteView({
  call,
  details,
}: {
  readonly call: CallView;
  readonly details: CallDetails | undefined;
}) {
  const { displayName: name, user } = call.remote;
  const look = remoteLook(call, details);
  const phaseText = usePhaseText(call);
  const isUp = call.phase === "live" || call.phase === "reconnecting";
  const isWaiting = call.phase === "dialing" || call.phase === "ringing" || call.phase === "incoming";
  return (
    <section
      class="remote"
      style={{ "--hue": String(hueOf(user)) }}
      data-dimmed={call.phase === "reconnecting"}
    >
      <TrackVideo
        track={details?.remoteTracks.video}
        class="remote-video"
        testId="remote-video"
        label={texts.call.remoteVideo(name)}
        isShown={look.showsVideo}
      />
      {!look.showsVideo && (
        <div class="remote-person">
          <span class="pulse pulse-large" data-still={!isWaiting}>
            <Avatar name={name} user={user} size="large" />
          </span>
          <p class="remote-name" aria-hidden="true">
            {name}
          </p>
          <p class="remote-phase" aria-hidden="true">
            {isUp ? texts.incoming.kind[call.kind] : phaseText}
          </p>
        </div>
      )}
      <div class="remote-badges">
        {look.muted && (
          <p class="badge" data-testid="remote-microphone">
            <Icon name="microphoneOff" size={18} />
            {texts.call.remoteMuted(name)}
          </p>
        )}
        {look.cameraOff && (
          <p class="badge" data-testid="remote-camera">
            <Icon name="cameraOff" size={18} />
            {texts.call.remoteCameraOff(name)}
          </p>
        )}
      </div>
    </section>
  );
}
