import type { CallView } from "@peerline/call-machine";
import type { CallDetails } from "@peerline/client";
import { remoteLook } from "../state/call-selectors.ts";
import type { CallDesk } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { hueOf } from "../state/user-name.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon } from "../ui/icon.tsx";
import { useRemotePicture } from "./remote-picture.tsx";
import { usePhaseText } from "./use-phase-text.ts";

/** The other person: their picture, or who they are while there is none. Their voice is elsewhere (remote-audio.tsx). */
export function RemoteView({
  call,
  details,
  desk,
}: {
  readonly call: CallView;
  readonly details: CallDetails | undefined;
  readonly desk: CallDesk;
}) {
  const { displayName: name, user } = call.remote;
  const look = remoteLook(call, details);
  const phaseText = usePhaseText(call);
  const isUp = call.phase === "live" || call.phase === "reconnecting";
  const isWaiting = call.phase === "dialing" || call.phase === "ringing" || call.phase === "incoming";
  const track = details?.remoteTracks.video;
  const { picture, fitButton } = useRemotePicture({ track, name, isShown: look.showsVideo, desk });
  return (
    <section
      class="remote"
      style={{ "--hue": String(hueOf(user)) }}
      data-dimmed={call.phase === "reconnecting" || details?.paused.camera}
    >
      {picture}
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
        {look.showsVideo && fitButton}
      </div>
    </section>
  );
}
