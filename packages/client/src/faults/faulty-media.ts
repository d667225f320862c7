import type { ConnectionLike, TransceiverLike } from "@peerline/peer-connection";
import { override } from "./override.ts";

/** The media of one connection, that can be silenced in both directions without a word to the peer. */
export interface FaultyMedia {
  /** The transceiver as the connection's owner should see it: the same one each time. */
  wrap(native: TransceiverLike): TransceiverLike;
  /** Nothing is sent and nothing is heard from now on, or everything again. */
  silence(isSilent: boolean): void;
}

interface Line {
  readonly transceiver: TransceiverLike;
  silence(isSilent: boolean): void;
}

export function createFaultyMedia(connection: ConnectionLike): FaultyMedia {
  const lines = new Map<TransceiverLike, Line>();
  let isSilent = false;

  function lineOf(native: TransceiverLike): Line {
    const line = lines.get(native) ?? createLine(native, isSilent);
    lines.set(native, line);
    return line;
  }

  // The peer may add a line while the path is dead.
  connection.addEventListener("track", () => {
    for (const native of connection.getTransceivers()) lineOf(native);
  });
  return {
    wrap: (native) => lineOf(native).transceiver,
    silence(next) {
      isSilent = next;
      for (const native of connection.getTransceivers()) lineOf(native).silence(next);
    },
  };
}

function createLine(native: TransceiverLike, startsSilent: boolean): Line {
  const { sender, receiver } = native;
  let wanted = sender.track;
  let wasHeard = receiver.track.enabled;
  let isSilent = false;

  const ownSender = override(sender, {
    get track() {
      return wanted;
    },
    async replaceTrack(track) {
      wanted = track;
      if (!isSilent) await sender.replaceTrack(track);
    },
  });

  function silence(next: boolean): void {
    if (next === isSilent) return;
    isSilent = next;
    // A stopped line refuses, and sends nothing anyway.
    sender.replaceTrack(isSilent ? null : wanted).catch(() => undefined);
    if (isSilent) wasHeard = receiver.track.enabled;
    receiver.track.enabled = !isSilent && wasHeard;
  }

  silence(startsSilent);
  return { transceiver: override(native, { sender: ownSender }), silence };
}
