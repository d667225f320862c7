import type { Clock, Logger } from "@peerline/call-machine";
import { ServerError } from "./errors/server-error.ts";

/** Asks code that is not the server's own: the policy and the verifier that an application hands in. */
export interface Outside {
  /**
   * The answer of `ask`, as `read` understands it. Throws `ServerError` "application-failed" when it throws, rejects, gives what
   * `read` does not know (`undefined`), or gives nothing in time; a `ServerError` that it throws itself is handed on. The log
   * gets the first failure of a name, and then one line a minute. What answers at once is answered at once.
   */
  ask<T>(name: string, ask: () => unknown, read: (answer: unknown) => T | undefined): T | Promise<T>;
}

export interface OutsideParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long an answer may take, in ms. */
  readonly answerMs: number;
}

const logEveryMs = 60_000;

export function createOutside({ clock, logger, answerMs }: OutsideParts): Outside {
  const silences = new Map<string, { until: number; unsaid: number }>();
  const report = (name: string, reason: string) => {
    const silence = silences.get(name);
    if (silence && clock.now() < silence.until) {
      silence.unsaid += 1;
      return;
    }
    silences.set(name, { until: clock.now() + logEveryMs, unsaid: 0 });
    logger.warn("the application's code failed", { name, reason, unsaid: silence?.unsaid ?? 0 });
  };
  const failureOf = (name: string, reason: unknown): ServerError => {
    if (reason instanceof ServerError && reason.code !== "internal") return reason;
    report(name, textOf(reason));
    return failed(reason);
  };
  return {
    ask(name, ask, read) {
      const judged = (given: unknown) => {
        const known = read(given);
        if (known !== undefined) return known;
        throw new Error(`gave ${typeof given}, which is no answer`);
      };
      try {
        const answer = ask();
        if (!isPromise(answer)) return judged(answer);
        return within(clock, answerMs, answer, () => new Error(`no answer within ${answerMs} ms`))
          .then(judged)
          .catch((reason: unknown) => {
            throw failureOf(name, reason);
          });
      } catch (reason) {
        throw failureOf(name, reason);
      }
    },
  };
}

/** Goes on with a value that may be there already: then at once. */
export function andThen<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** The answer, or `otherwise` when there is none. */
export function answerOr<T, R>(ask: () => T | Promise<T>, otherwise: R): T | R | Promise<T | R> {
  try {
    const answer = ask();
    return answer instanceof Promise ? answer.catch(() => otherwise) : answer;
  } catch {
    return otherwise;
  }
}

/** What a thrown value says of itself; never throws. */
export function textOf(reason: unknown): string {
  try {
    return reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
  } catch {
    return "a value that cannot be shown";
  }
}

function failed(cause: unknown): ServerError {
  const text =
    "The application behind this server did not answer. Try again; if it stays, tell the operator.";
  return new ServerError("application-failed", text, { cause });
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** The answer, or a rejection with `late()` when there is none after `ms`. What comes later is dropped. */
export async function within<T>(
  clock: Clock,
  ms: number,
  answer: PromiseLike<T>,
  late: () => Error,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const cancel = clock.setTimer(clock.now() + ms, () => reject(late()));
  try {
    return await Promise.race([answer, promise]);
  } finally {
    cancel();
  }
}
