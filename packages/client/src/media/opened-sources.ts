import type { OpenedSources, SourceName, SourceRefusal } from "../peerline.ts";

const kinds: Record<SourceName, string> = { microphone: "audio", camera: "video" };
const refusals: readonly SourceRefusal[] = ["denied", "missing", "busy"];

/**
 * What a media source gave for each of the named sources, whatever it gave: a live track of the right kind, or a refusal.
 * Anything else is a device that is missing, and goes to `onUnusable`; a track that cannot be used is stopped.
 */
export function openedSources(
  names: readonly SourceName[],
  given: unknown,
  onUnusable: (name: SourceName) => void,
): OpenedSources {
  const answer = (name: SourceName) => {
    const usable = answerOf(name, fieldOf(given, name));
    if (usable === undefined) onUnusable(name);
    return [name, usable ?? "missing"] as const;
  };
  return Object.fromEntries(names.map(answer));
}

function answerOf(name: SourceName, answer: unknown): MediaStreamTrack | SourceRefusal | undefined {
  if (!isTrack(answer)) return refusals.find((refusal) => refusal === answer);
  if (answer.readyState !== "ended" && answer.kind === kinds[name]) return answer;
  stopTrack(answer);
  return undefined;
}

/** A platform may refuse to stop what is stopped. */
export function stopTrack(track: MediaStreamTrack): void {
  try {
    track.stop();
  } catch {
    // It is not used any more either way.
  }
}

/** Reads what somebody else made: a getter may throw, and there may be nothing. */
export function fieldOf(given: unknown, name: string): unknown {
  try {
    return typeof given === "object" && given !== null ? Reflect.get(given, name) : undefined;
  } catch {
    return undefined;
  }
}

function isTrack(value: unknown): value is MediaStreamTrack {
  return typeof fieldOf(value, "stop") === "function" && typeof fieldOf(value, "kind") === "string";
}
