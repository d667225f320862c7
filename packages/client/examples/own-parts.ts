import { type Clock, type MediaPort, type Session, startSession } from "@peerline/call-machine";
import { fromHex } from "@peerline/call-machine/wire";
import { browserTransport, developmentSignIn, randomId, systemClock } from "@peerline/client";
import { type ConnectionLike, createPeerPort } from "@peerline/peer-connection";
import { createSignalingSession } from "@peerline/signaling-client";

/** Sound from anywhere: a mixer, a file, a synthesizer. Nothing is asked, so the answer is there at once. */
function ownMedia(track: MediaStreamTrack, send: (callId: string) => void): MediaPort {
  return {
    open(callId, _wanted, receive) {
      const report = (on: boolean) =>
        receive({ type: "media.changed", media: { microphone: on ? "on" : "off", camera: "off" } });
      queueMicrotask(() => report(true));
      return {
        setMicrophone(on) {
          track.enabled = on;
          report(on);
          send(callId);
        },
        setCamera() {},
        close() {},
      };
    },
  };
}

/** What `createPeerline` does, with the application's own sound in place of the microphone. */
export function startWithOwnSound(options: {
  readonly serverUrl: string;
  readonly user: string;
  readonly track: MediaStreamTrack;
  readonly createConnection: (configuration: RTCConfiguration) => ConnectionLike;
}): Session {
  const clock: Clock = systemClock();
  const transport = browserTransport(options.serverUrl);
  let iceServers: readonly RTCIceServer[] = [];
  const peers = createPeerPort({
    createConnection: options.createConnection,
    clock,
    getIceServers: () => iceServers,
    localTracks: () => ({ microphone: options.track }),
  });
  const signaling = createSignalingSession({
    transport,
    endpointId: fromHex(randomId()),
    getToken: developmentSignIn(transport, options.user, options.user),
    client: { product: "own-parts/1" },
    clock,
    random: Math.random,
  });
  return startSession(
    {
      signaling,
      clock,
      peer: peers,
      media: ownMedia(options.track, (callId) => peers.get(callId)?.setTracks({ microphone: options.track })),
      onIceServers: (servers) => {
        iceServers = servers.map(({ urls, username, credential }) => ({ urls, username, credential }));
      },
    },
    { user: options.user, autoAccept: "audio" },
  );
}
