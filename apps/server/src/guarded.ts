import type { Logger } from "@peerline/call-machine";
import { ServerError } from "./errors/server-error.ts";
import { textOf, within } from "./outside.ts";
import type { Store } from "./store/port.ts";
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

/** Longer than the answer of a policy, for which a transaction waits. */
const storeAnswerMs = 15_000;

/**
 * A store that may not answer: what takes longer than 15 s fails as `ServerError` "store-unavailable". A transaction that commits
 * behind that is found by the client that sends again: a command runs once.
 */
export function guardedStore(store: Store, clock: ServerClock): Store {
  const inTime = <T>(answer: Promise<T>): Promise<T> =>
    within(clock, storeAnswerMs, answer, () => {
      const text = "The store does not answer. Try again; if it stays, tell the operator.";
      return new ServerError("store-unavailable", text);
    });
  return {
    ...(store.emptySince === undefined ? {} : { emptySince: store.emptySince }),
    transact: (body) => inTime(store.transact(body)),
    read: (mailbox, after, max) => inTime(store.read(mailbox, after, max)),
    subscribe: (mailbox, wake) => store.subscribe(mailbox, wake),
    close: () => store.close(),
  };
}
