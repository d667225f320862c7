import type { CallMemory, MediaStateSignal } from "@peerline/call-machine";

const prefix = "peerline.call.";

/**
 * Kept in a tab's `sessionStorage`, which outlives a reload and nothing else. Without one, or when it is full or refused, nothing
 * is kept.
 */
export function sessionMemory(
  storage: () => Storage | undefined = () => globalThis.sessionStorage,
): CallMemory {
  return {
    load(callId) {
      return attempt(() => parse(storage()?.getItem(prefix + callId)));
    },
    save(callId, media) {
      attempt(() => {
        if (media) storage()?.setItem(prefix + callId, JSON.stringify(media));
        else storage()?.removeItem(prefix + callId);
      });
    },
  };
}

function parse(text: string | null | undefined): MediaStateSignal | undefined {
  if (!text) return undefined;
  const { revision, microphone, camera, onHold } = JSON.parse(text) as Partial<MediaStateSignal>;
  if (typeof revision !== "number") return undefined;
  return { revision, microphone: microphone === true, camera: camera === true, onHold: onHold === true };
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
