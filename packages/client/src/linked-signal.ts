import { Code, ConnectError } from "@connectrpc/connect";

/** A signal of one exchange: aborted by the caller's, or when the time is over. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** What was thrown, as a ConnectError that names the abort or the time when those were the cause. */
  errorOf(reason: unknown): ConnectError;
  /** The same messages; the time and the caller's signal count until the last one, or until the reader leaves. */
  guard<T>(messages: AsyncIterable<T>): AsyncGenerator<T, void>;
  /** The exchange is over: nothing is left behind on the caller's signal. */
  release(): void;
}

/** `timeoutMs` undefined, 0 or less: no limit. */
export function linkedSignal(caller: AbortSignal | undefined, timeoutMs = 0): LinkedSignal {
  const controller = new AbortController();
  const late = new ConnectError("the operation timed out", Code.DeadlineExceeded);
  const abort = () => controller.abort(caller?.reason);
  const timer = timeoutMs > 0 ? setTimeout(() => controller.abort(late), timeoutMs) : undefined;
  caller?.addEventListener("abort", abort);
  if (caller?.aborted) abort();
  const release = () => {
    clearTimeout(timer);
    caller?.removeEventListener("abort", abort);
  };
  const { signal } = controller;
  const errorOf = (reason: unknown): ConnectError => {
    if (!signal.aborted) return ConnectError.from(reason);
    return signal.reason === late ? late : ConnectError.from(signal.reason, Code.Canceled);
  };
  async function* guard<T>(messages: AsyncIterable<T>): AsyncGenerator<T, void> {
    try {
      for await (const message of messages) yield message;
      signal.throwIfAborted();
    } catch (reason) {
      throw errorOf(reason);
    } finally {
      release();
    }
  }
  return { signal, errorOf, guard, release };
}
