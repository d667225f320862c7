import type { CallView } from "@peerline/call-machine";
import type { CallDetails, ChatEntry, LinkTrouble, Peerline } from "@peerline/client";
import { connectFaulty, type FaultyConnectOptions } from "./connect-faulty.ts";
import { exitCodes } from "./exit-codes.ts";
import { syntheticMedia } from "./synthetic-media.ts";

/** How many people may talk to themselves at once. */
const echoCapacity = 16;

export type EchoOptions = Pick<
  FaultyConnectOptions,
  "serverUrl" | "user" | "logger" | "relayOnly" | "faults" | "report"
>;

export interface Echo {
  /** Resolves with the process's exit code when the server refuses for good; never by itself otherwise. */
  readonly over: Promise<number>;
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
  const over = Promise.withResolvers<number>();
  let online = false;
  let told: string | undefined;

  const stop = peerline.subscribe((view) => {
    if (view.link === "online" && !online) {
      report("online", { user });
      logger.info(`${user} is online`, { server: serverUrl });
    }
    online = view.link === "online";
    if (view.trouble && view.trouble.text !== told) tell(view.trouble, view.link === "stopped");
    told = view.trouble?.text;
    for (const call of view.calls) echoCall(call);
    for (const callId of echoed.keys()) {
      if (!view.calls.some((call) => call.callId === callId)) echoed.delete(callId);
    }
  });

  function tell({ code, text }: LinkTrouble, isFinal: boolean): void {
    if (isFinal) {
      logger.warn(text);
      report("error", { exitCode: exitCodes.noServer, code, message: text });
      over.resolve(exitCodes.noServer);
    } else {
      logger.info(text);
    }
  }

  function echoCall(call: CallView): void {
    const details = peerline.details(call.callId);
    if (!details) return;
    const before = echoed.get(call.callId) ?? nothingEchoed;
    const now = echoedOf(call, details);
    echoed.set(call.callId, now);
    if (now.audio !== before.audio || now.video !== before.video) sendBack(peerline, details);
    mirrorSources(peerline, call, before, now);
    for (const { from, text } of after(details.chat, before.lastLine)) {
      if (from === "them") repeat(text, call.callId);
    }
  }

  /** What a stranger says must not end the program, whatever it is. */
  function repeat(text: string, callId: string): void {
    try {
      peerline.sendChat(text, callId);
    } catch (error) {
      logger.warn("a line was not sent back", { error: String(error) });
    }
  }

  return {
    over: over.promise,
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
  /** The id of the last line, of either side. */
  readonly lastLine: string | undefined;
}

const nothingEchoed: Echoed = {
  audio: undefined,
  video: undefined,
  microphone: undefined,
  camera: undefined,
  lastLine: undefined,
};

function echoedOf(call: CallView, details: CallDetails): Echoed {
  return {
    audio: details.remoteTracks.audio,
    video: details.remoteTracks.video,
    microphone: call.remoteMedia?.microphone,
    camera: call.remoteMedia?.camera,
    lastLine: details.chat.at(-1)?.id,
  };
}

/** The lines behind that one; all when it is no longer kept. */
function after(chat: readonly ChatEntry[], lastId: string | undefined): readonly ChatEntry[] {
  return chat.slice(chat.findLastIndex(({ id }) => id === lastId) + 1);
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
