import type { Runtime } from "./runtime.ts";
import { SignalingError } from "./signaling-error.ts";

/**
 * An exchange that ends: with its answer, after `ms`, or with the session, whatever the transport does. The last two reject with
 * `unavailable` and abort it.
 */
export function bounded<T>(
  { options: { clock }, ended }: Pick<Runtime, "options" | "ended">,
  ms: number,
  exchange: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const controller = new AbortController();
  const giveUp = (text: string) => {
    reject(new SignalingError("unavailable", text));
    controller.abort();
  };
  const stop = () => giveUp("the session has ended");
  const cancel = clock.setTimer(clock.now() + ms, () => giveUp("no answer came in time"));
  ended.addEventListener("abort", stop);
  exchange(controller.signal).then(resolve, reject);
  const release = () => {
    cancel();
    ended.removeEventListener("abort", stop);
  };
  promise.then(release, release);
  return promise;
}
