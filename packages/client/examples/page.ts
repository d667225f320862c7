import { createPeerline, type PeerlineView } from "@peerline/client";

/** A whole call screen: two pictures, the phase in a word, four buttons. */
export function showCalls(root: HTMLElement, serverUrl: string, user: string): () => void {
  const peerline = createPeerline({ serverUrl, user });
  const part = <T extends HTMLElement>(selector: string) => root.querySelector<T>(selector) ?? undefined;
  const shown = new Map<string, MediaStreamTrack | undefined>();

  function show({ call, details }: PeerlineView): void {
    const status = part<HTMLElement>(".status");
    if (status) status.textContent = call ? `${call.phase} ${call.remote.displayName}` : "";
    const answer = part<HTMLButtonElement>(".answer");
    if (answer) answer.disabled = !call?.can.accept;
    const end = part<HTMLButtonElement>(".end");
    if (end) end.disabled = !call?.can.hangUp;
    play("mine", part<HTMLVideoElement>(".mine"), details?.localTracks.camera);
    play("picture", part<HTMLVideoElement>(".theirs"), details?.remoteTracks.video);
    play("sound", part<HTMLAudioElement>("audio"), details?.remoteTracks.audio);
  }

  function play(name: string, element: HTMLMediaElement | undefined, track: MediaStreamTrack | undefined) {
    if (!element || shown.get(name) === track) return;
    shown.set(name, track);
    element.srcObject = track ? new MediaStream([track]) : null;
  }

  part(".call")?.addEventListener("click", () => peerline.dial("ben"));
  part(".answer")?.addEventListener("click", () => peerline.accept());
  part(".end")?.addEventListener("click", () => peerline.hangUp());
  part(".mute")?.addEventListener("click", () => {
    peerline.setMicrophone(peerline.view().call?.local.microphone !== "on");
  });
  const stop = peerline.subscribe(show);
  show(peerline.view());
  return () => {
    stop();
    peerline.close();
  };
}
