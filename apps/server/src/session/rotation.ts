import { ErrorCode, GoAway_Action } from "@peerline/protocol";
import { createAlarms } from "../calls/alarms.ts";
import type { Services } from "../services.ts";
import { goAway } from "./go-away.ts";
import type { LiveStream } from "./live-stream.ts";

/** Asks each stream to be replaced by a new one after a while, and keeps it until that one is there. PROTOCOL D18. */
export interface Rotation {
  watch(stream: LiveStream): void;
  forget(stream: LiveStream): void;
  close(): void;
}

const spread = 0.2;

export function createRotation({ clock, config, ids }: Services): Rotation {
  const alarms = createAlarms(clock);
  const nameOf = ({ generation, key }: LiveStream) => `${generation} ${key}`;
  return {
    watch(stream) {
      const lifeMs = rotationMs(config.timers.streamLifeMs, ids.random());
      alarms.set(nameOf(stream), clock.now() + lifeMs, () =>
        stream.push(goAway(GoAway_Action.RESUME, ErrorCode.UNSPECIFIED)),
      );
    },
    forget: (stream) => alarms.clear(nameOf(stream)),
    close: alarms.close,
  };
}

/** `lifeMs` ± 20 %, so that streams that began together do not end together. `random` is in [0, 1). */
export function rotationMs(lifeMs: number, random: number): number {
  return Math.round(lifeMs * (1 - spread + 2 * spread * random));
}
