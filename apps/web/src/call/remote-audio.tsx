import { placeOf } from "../state/call-selectors.ts";
import { useSession } from "../state/session.ts";
import { TrackAudio } from "./track-audio.tsx";

/** The voice of the peer, on whatever page the person is. */
export function RemoteAudio() {
  const { call, details } = useSession().view.value;
  const track = placeOf(call) === "stage" ? details?.remoteTracks.audio : undefined;
  return <TrackAudio track={track} name={call?.remote.displayName ?? ""} />;
}
