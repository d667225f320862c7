import type { Logger } from "@peerline/call-machine";
import { KeySetError } from "./auth/key-set.ts";
import type { PeerlineServer } from "./start-server.ts";

/** What the server's process hears, and how it ends. */
export interface ProcessEnds {
  on(signal: "SIGTERM" | "SIGINT" | "SIGHUP", told: () => void): unknown;
  exit(code: number): void;
}

export interface SignalOptions {
  readonly server: Pick<PeerlineServer, "close" | "reload">;
  readonly logger: Logger;
  readonly process: ProcessEnds;
  /** A drain that takes longer is not waited for, in ms. */
  readonly longestDrainMs: number;
  /** In ms; may be any clock that never goes back. */
  readonly now: () => number;
  readonly setTimer: (afterMs: number, run: () => void) => void;
}

/** Who stops a program is often heard twice: by the terminal, and by what started it. */
const echoMs = 1_000;

/**
 * SIGTERM and SIGINT drain, then exit with 0; once more, a second or more later, exits with 1 at once. SIGHUP loads the
 * application's keys anew; where there are none it drains. A drain that fails, or hangs, exits with 1.
 */
export function obeySignals(options: SignalOptions): void {
  const { server, logger, process, longestDrainMs, now, setTimer } = options;
  let stoppingSince: number | undefined;
  const stop = () => {
    if (stoppingSince !== undefined) {
      if (now() - stoppingSince >= echoMs) process.exit(1);
      return;
    }
    stoppingSince = now();
    setTimer(longestDrainMs, () => {
      logger.warn("the drain took too long");
      process.exit(1);
    });
    server.close().then(
      () => process.exit(0),
      (reason: unknown) => {
        logger.warn("the drain failed", { reason: String(reason) });
        process.exit(1);
      },
    );
  };
  const reload = () => {
    if (!server.reload) return stop();
    server.reload().then(
      () => logger.info("keys loaded anew"),
      // The source of the keys says why once in an outage; who asks anew wants to know what is wrong now.
      (reason: unknown) =>
        logger.warn("the keys of before stay", {
          reason: reason instanceof KeySetError ? `the keys ${reason.message}` : "they cannot be loaded",
        }),
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("SIGHUP", reload);
}
