import type { Clock } from "@peerline/call-machine";
import { PeerError } from "./peer-error.ts";

/** Limits how long anything of the platform is waited for. */
export interface Deadlines {
  /**
   * What `run` comes to, or a rejection with the `PeerError` `timeout` after `ms`. What it comes to later is ignored. `what`
   * names it in the error.
   */
  within<T>(ms: number, what: string, run: () => PromiseLike<T> | T): Promise<T>;
  /** Leaves no timer: what is still waited for never settles. */
  close(): void;
}

/** A promise of the platform may never settle: a device that hangs, a process that is gone. */
export function createDeadlines(clock: Clock): Deadlines {
  const running = new Set<() => void>();
  let closed = false;
  return {
    within(ms, what, run) {
      return new Promise((resolve, reject) => {
        const stop = closed ? () => undefined : clock.setTimer(clock.now() + ms, timeOut);
        running.add(stop);
        function settle() {
          stop();
          running.delete(stop);
        }
        function timeOut() {
          settle();
          reject(new PeerError("timeout", `${what} has had no answer of the platform for ${ms} ms`));
        }
        Promise.resolve().then(run).finally(settle).then(resolve, reject);
      });
    },
    close() {
      closed = true;
      for (const stop of running) stop();
      running.clear();
    },
  };
}
