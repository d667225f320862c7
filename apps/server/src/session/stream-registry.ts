import { superseded } from "./go-away.ts";
import type { LiveStream } from "./live-stream.ts";

/** The open streams of this process, at most one live per endpoint. */
export interface StreamRegistry {
  /** Registers an attached stream and fences the older one of the same endpoint. PROTOCOL 1.2.1. */
  register(stream: LiveStream): void;
  /** Nothing when a newer stream has taken the place. */
  remove(stream: LiveStream): void;
  find(key: string): LiveStream | undefined;
  all(): readonly LiveStream[];
}

export function createStreamRegistry(): StreamRegistry {
  const streams = new Map<string, LiveStream>();
  return {
    register(stream) {
      const other = streams.get(stream.key);
      if (other && other.generation > stream.generation) {
        fence(stream, other);
        return;
      }
      streams.set(stream.key, stream);
      if (other) fence(other, stream);
    },
    remove(stream) {
      if (streams.get(stream.key) === stream) streams.delete(stream.key);
    },
    find: (key) => streams.get(key),
    all: () => [...streams.values()],
  };
}

function fence(older: LiveStream, newer: LiveStream): void {
  const isItself = older.lifeId !== "" && older.lifeId === newer.lifeId;
  older.finish(isItself ? superseded.byItself : superseded.byAnother);
}
