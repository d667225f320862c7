import { ErrorCode, GoAway_Action } from "@peerline/protocol";
import { goAway } from "./go-away.ts";
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
  const superseded = goAway(GoAway_Action.STOP, ErrorCode.SUPERSEDED);
  return {
    register(stream) {
      const other = streams.get(stream.key);
      if (other && other.generation > stream.generation) {
        stream.finish(superseded);
        return;
      }
      streams.set(stream.key, stream);
      other?.finish(superseded);
    },
    remove(stream) {
      if (streams.get(stream.key) === stream) streams.delete(stream.key);
    },
    find: (key) => streams.get(key),
    all: () => [...streams.values()],
  };
}
