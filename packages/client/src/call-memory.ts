import type { CallMemory, MediaStateSignal, RecentCall } from "@peerline/call-machine";
import { countFrom, isMoment } from "@peerline/call-machine/wire";

const prefix = "peerline.call.";
const recentPrefix = "peerline.recent.";

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
    loadRecent: (user) => attempt(() => parseRecent(storage()?.getItem(recentPrefix + user))) ?? [],
    saveRecent(user, recent) {
      attempt(() => {
        if (recent.length > 0) storage()?.setItem(recentPrefix + user, JSON.stringify(recent));
        else storage()?.removeItem(recentPrefix + user);
      });
    },
  };
}

function parse(text: string | null | undefined): MediaStateSignal | undefined {
  if (!text) return undefined;
  const { microphone, camera, onHold, ...read } = JSON.parse(text) as Partial<MediaStateSignal>;
  const revision = countFrom(read.revision);
  if (revision === undefined) return undefined;
  return { revision, microphone: microphone === true, camera: camera === true, onHold: onHold === true };
}

/** What another version has written reads as nothing. */
function parseRecent(text: string | null | undefined): readonly RecentCall[] {
  const list: unknown = JSON.parse(text ?? "[]");
  return Array.isArray(list) ? list.filter(isRecentCall) : [];
}

function isRecentCall(entry: Partial<RecentCall> | null): entry is RecentCall {
  const texts = [entry?.callId, entry?.role, entry?.kind, entry?.remote?.user, entry?.remote?.displayName];
  const isWhole = texts.every((text) => typeof text === "string");
  const { end } = entry ?? {};
  const talked = end?.talkedMs;
  return (
    isWhole &&
    typeof end?.reason === "string" &&
    isMoment(end.at) &&
    (talked === undefined || isMoment(talked))
  );
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
