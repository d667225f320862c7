import type { Logger } from "@peerline/call-machine";
import { textOf } from "./outside.ts";
import { type ServerClock, wallNow } from "./system-clock.ts";

/** A clock whose timers hold: what one throws goes to the log, and the process lives. */
export function guardedClock(clock: ServerClock, logger: Logger): ServerClock {
  return {
    now: () => clock.now(),
    wall: () => wallNow(clock),
    setTimer: (at, run) =>
      clock.setTimer(at, () => {
        try {
          run();
        } catch (reason) {
          logger.warn("a timer failed", { reason: textOf(reason) });
        }
      }),
  };
}

/** A logger that may throw or reject: a line that cannot be written is lost, and nothing else. */
export function guardedLogger(logger: Logger): Logger {
  const guarded = (level: keyof Logger): Logger["info"] => {
    return (message, fields) => {
      try {
        const written: unknown = logger[level](message, fields);
        Promise.resolve(written).catch(() => {});
      } catch {
        // There is nowhere left to say it.
      }
    };
  };
  return { debug: guarded("debug"), info: guarded("info"), warn: guarded("warn") };
}
