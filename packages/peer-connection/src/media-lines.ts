import type { MediaKind } from "@peerline/call-machine";
import type { ConnectionLike, SenderLike, TransceiverLike } from "./connection-like.ts";
import type { SerialQueue } from "./serial-queue.ts";

/** What is sent; an absent source is silence or no picture. */
export interface LocalTracks {
  readonly microphone?: MediaStreamTrack | undefined;
  readonly camera?: MediaStreamTrack | undefined;
}

/** `audio` or `video` of a track. */
export type TrackKind = Exclude<MediaKind, "data">;

/** The two m-lines of every call, audio then video, negotiated once. DESIGN 5.2. */
export interface MediaLines {
  /** Adds both to a connection that makes the first offer. */
  offer(): void;
  /** Takes the m-lines of the peer's offer for the own tracks. To be called between that offer and its answer. */
  adopt(): void;
  /** Sends these from now on, without renegotiation. */
  setTracks(tracks: LocalTracks): void;
  /** Off: keeps the tracks back until it is on again. On from the start. */
  setSending(on: boolean): void;
  /** Sends nothing any more and lets go of the tracks. */
  release(): void;
}

const kinds: readonly TrackKind[] = ["audio", "video"];

/** `stream` groups both tracks, so that the receiver keeps the lips in step; without it they are separate. */
export function createMediaLines(
  connection: ConnectionLike,
  queue: SerialQueue,
  stream: MediaStream | undefined,
): MediaLines {
  const lines = new Map<TrackKind, TransceiverLike>();
  let wanted: LocalTracks = {};
  let sending = true;

  function attach() {
    for (const [kind, { sender }] of lines) {
      const track = (sending && trackOf(wanted, kind)) || null;
      queue.add(() => (sender.track === track ? undefined : sender.replaceTrack(track)));
    }
  }

  return {
    offer() {
      const streams = stream === undefined ? [] : [stream];
      for (const kind of kinds)
        lines.set(kind, connection.addTransceiver(kind, { direction: "sendrecv", streams }));
      attach();
    },
    adopt() {
      const all = connection.getTransceivers();
      for (const kind of kinds) {
        const line = all.find((one) => one.mid !== null && one.receiver.track.kind === kind);
        if (line === undefined) continue;
        if (line.direction !== "sendrecv") line.direction = "sendrecv";
        if (stream !== undefined) line.sender.setStreams?.(stream);
        lines.set(kind, line);
      }
      // Own m-lines that gave way to the peer's would otherwise appear as extra ones in the next offer.
      for (const orphan of all) if (orphan.mid === null) orphan.stop?.();
      attach();
    },
    setTracks(tracks) {
      wanted = tracks;
      attach();
    },
    setSending(on) {
      sending = on;
      attach();
    },
    release() {
      wanted = {};
      for (const { sender } of lines.values()) void detach(sender).catch(() => undefined);
    },
  };
}

async function detach(sender: SenderLike): Promise<void> {
  await sender.replaceTrack(null);
}

function trackOf(tracks: LocalTracks, kind: TrackKind): MediaStreamTrack | undefined {
  return kind === "audio" ? tracks.microphone : tracks.camera;
}
