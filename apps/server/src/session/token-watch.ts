import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { createAlarms } from "../calls/alarms.ts";
import type { ServerTimers } from "../config/config.ts";
import { ServerError } from "../errors/server-error.ts";
import { fromWall, type ServerClock } from "../system-clock.ts";
import type { LiveStream } from "./live-stream.ts";

/**
 * Warns each stream before its token runs out, and ends it when the token was not renewed: at once, or after
 * `tokenGraceMs` or the accepted call that its endpoint is in. PROTOCOL 1.12, row 94.
 */
export interface TokenWatch {
  /** Also for a renewed token. `expiresAt` is by the wall clock; a clock that is set later changes nothing for this stream. */
  watch(stream: LiveStream, expiresAt: number): void;
  forget(stream: LiveStream): void;
  close(): void;
}

const lookAgainMs = 5_000;

export function createTokenWatch(
  clock: ServerClock,
  timers: ServerTimers,
  isTalking: (key: string) => boolean,
): TokenWatch {
  const alarms = createAlarms(clock);
  const nameOf = (stream: LiveStream) => `${stream.generation} ${stream.key}`;
  const expire = (stream: LiveStream, expiresAt: number) => {
    const until = expiresAt + timers.tokenGraceMs;
    if (clock.now() < until && isTalking(stream.key)) {
      const next = Math.min(until, clock.now() + lookAgainMs);
      alarms.set(nameOf(stream), next, () => expire(stream, expiresAt));
      return;
    }
    stream.fail(
      new ServerError(
        "unauthenticated",
        "The token has expired and was not renewed. Get a new one and Receive again.",
      ),
    );
  };
  return {
    watch(stream, wallAt) {
      const expiresAt = fromWall(clock, wallAt);
      const warnAt = Math.max(clock.now(), expiresAt - timers.tokenWarningMs);
      alarms.set(nameOf(stream), warnAt, () => {
        const validFor = durationFromMs(Math.max(0, expiresAt - clock.now()));
        stream.push({ frame: { case: "tokenExpiring", value: { validFor } } });
        alarms.set(nameOf(stream), expiresAt, () => expire(stream, expiresAt));
      });
    },
    forget: (stream) => alarms.clear(nameOf(stream)),
    close: () => alarms.close(),
  };
}
