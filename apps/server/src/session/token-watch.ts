import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { Clock } from "@peerline/call-machine";
import { createAlarms } from "../calls/alarms.ts";
import type { ServerTimers } from "../config/config.ts";
import { ServerError } from "../errors/server-error.ts";
import type { LiveStream } from "./live-stream.ts";

/** Warns each stream before its token runs out, and ends it when the token was not renewed. PROTOCOL 1.12. */
export interface TokenWatch {
  /** Also for a renewed token. */
  watch(stream: LiveStream, expiresAt: number): void;
  forget(stream: LiveStream): void;
  close(): void;
}

export function createTokenWatch(clock: Clock, timers: ServerTimers): TokenWatch {
  const alarms = createAlarms(clock);
  const nameOf = (stream: LiveStream) => `${stream.generation} ${stream.key}`;
  const expire = (stream: LiveStream) => {
    stream.fail(
      new ServerError(
        "unauthenticated",
        "The token has expired and was not renewed. Get a new one and Receive again.",
      ),
    );
  };
  return {
    watch(stream, expiresAt) {
      const warnAt = Math.max(clock.now(), expiresAt - timers.tokenWarningMs);
      alarms.set(nameOf(stream), warnAt, () => {
        const validFor = durationFromMs(Math.max(0, expiresAt - clock.now()));
        stream.push({ frame: { case: "tokenExpiring", value: { validFor } } });
        alarms.set(nameOf(stream), expiresAt, () => expire(stream));
      });
    },
    forget: (stream) => alarms.clear(nameOf(stream)),
    close: () => alarms.close(),
  };
}
