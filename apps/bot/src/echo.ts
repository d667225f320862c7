import type { CallView } from "@peerline/call-machine";
import type { CallDetails, Peerline } from "@peerline/client";
import { connectFaulty, type FaultyConnectOptions } from "./connect-faulty.ts";
import { syntheticMedia } from "./synthetic-media.ts";

/** How many people may talk to themselves at once. */
const echoCapacity = 16;

export type EchoOptions = Pick<
  FaultyConnectOptions,
  "serverUrl" | "user" | "logger" | "relayOnly" | "faults" | "report"
>;

export interface Echo {
  close(): void;
}

/** Accepts every call and sends back what it gets: sound, picture and text. */
export function startEcho(options: EchoOptions): Echo {
  const { user, serverUrl, logger, report } = options;
  const media = syntheticMedia();
  const peerline = connectFaulty({
    ...options,
    media,
    autoAccept: "video",
    capacity: echoCapacity,
  });
  const echoed = new Map<string, Echoed>();
  let online = false;

  const stop = peerline.subscribe((view) => {
    if (view.link === "online" && !online) {
      report("online", { user });
      logger.info(`${user} is online`, { server: serverUrl });
    }
    online = view.link === "online";
    for (const call of view.calls) echoCall(call);
    for (const callId of echoed.keys()) {
      if (!view.calls.some((call) => call.callId === callId)) echoed.delete(callId);
    }
  });

  function echoCall(call: CallView): void {
    const details = peerline.details(call.callId);
    if (!details) return;
    const before = echoed.get(call.callId) ?? nothingEchoed;
    const now = echoedOf(call, details);
    echoed.set(call.callId, now);
    if (now.audio !== before.audio || now.video !== before.video) sendBack(peerline, details);
    mirrorSources(peerline, call, before, now);
    for (const entry of details.chat.slice(before.chat)) {
      if (entry.from === "them") peerline.sendChat(entry.text, call.callId);
    }
  }

  return {
    close() {
      stop();
      peerline.close();
      media.close();
    },
  };
}

/** What has been sent back already. */
interface Echoed {
  readonly audio: MediaStreamTrack | undefined;
  readonly video: MediaStreamTrack | undefined;
  readonly microphone: boolean | undefined;
  readonly camera: boolean | undefined;
  readonly chat: number;
}

const nothingEchoed: Echoed = {
  audio: undefined,
  video: undefined,
  microphone: undefined,
  camera: undefined,
  chat: 0,
};

function echoedOf(call: CallView, details: CallDetails): Echoed {
  return {
    audio: details.remoteTracks.audio,
    video: details.remoteTracks.video,
    microphone: call.remoteMedia?.microphone,
    camera: call.remoteMedia?.camera,
    chat: details.chat.length,
  };
}

function sendBack(peerline: Peerline, { callId, remoteTracks }: CallDetails): void {
  const { audio, video } = remoteTracks;
  peerline.sendTracks(
    { ...(audio ? { microphone: audio } : {}), ...(video ? { camera: video } : {}) },
    callId,
  );
}

/** A person who turns the camera off sees it off on the other side too. */
function mirrorSources(peerline: Peerline, call: CallView, before: Echoed, now: Echoed): void {
  if (now.microphone !== undefined && now.microphone !== before.microphone) {
    peerline.setMicrophone(now.microphone, call.callId);
  }
  if (now.camera !== undefined && now.camera !== before.camera) peerline.setCamera(now.camera, call.callId);
}
