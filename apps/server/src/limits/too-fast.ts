import { ServerError } from "../errors/server-error.ts";

const msPerSecond = 1000;

/** The refusal of a request, or of a command, that comes too often. `what` is a plural. */
export function tooFast(what: string, retryAfterMs: number): ServerError {
  const seconds = Math.ceil(retryAfterMs / msPerSecond);
  return new ServerError("rate-limited", `Too many ${what}. Wait ${seconds} s before the next.`, {
    retryAfterMs,
  });
}

/** The same of a whole sentence. */
export function tooOften(sentence: string, retryAfterMs: number): ServerError {
  return new ServerError("rate-limited", `${sentence} Wait before the next.`, { retryAfterMs });
}

/** Throws `tooOften` unless a limiter said that there is nothing to wait for. */
export function assertInTime(sentence: string, retryAfterMs: number): void {
  if (retryAfterMs > 0) throw tooOften(sentence, retryAfterMs);
}
