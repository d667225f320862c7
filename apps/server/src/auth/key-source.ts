import type { Clock, Logger } from "@peerline/call-machine";
import { createLocalJWKSet, errors, type JWTVerifyGetKey } from "jose";
import { ServerError } from "../errors/server-error.ts";
import { KeySetError, parseKeySet } from "./key-set.ts";

/** The application's public keys, kept and loaded anew. */
export interface KeySource {
  /** For jose. Throws `ServerError` "overloaded" while there are no keys to check with. */
  readonly key: JWTVerifyGetKey;
  /** There are keys to check with. */
  isReady(): boolean;
  /** Loads them in a moment, without waiting. */
  start(): void;
  /** Loads them now. Rejects with `KeySetError`; what was there stays. */
  reload(): Promise<void>;
  close(): void;
}

export interface KeySourceOptions {
  /** The text of a key set, or `KeySetError`. May hang: it is given up by `signal` after `loadMs`. */
  readonly load: (signal: AbortSignal) => Promise<string>;
  /** Where they are, for the log. */
  readonly from: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly loadMs: number;
  /** They are loaded anew after so long. */
  readonly freshMs: number;
  /** Without being loaded anew they are good for so long. */
  readonly keptMs: number;
}

/** A failed load is tried again after so long. */
const againMs = 5_000;
/** A token with an unknown key makes the keys be loaded anew, at most so often. */
const unknownKeyMs = 10_000;

interface Kept {
  readonly text: string;
  readonly find: JWTVerifyGetKey;
  readonly loadedAt: number;
}

export function createKeySource(options: KeySourceOptions): KeySource {
  const { from, clock, logger, freshMs, keptMs } = options;
  let kept: Kept | undefined;
  let isFailing = false;
  let triedAt = Number.NEGATIVE_INFINITY;
  let pending: Promise<void> | undefined;
  let cancel = () => {};
  let isClosed = false;

  const arm = (afterMs: number) => {
    cancel();
    if (!isClosed) cancel = clock.setTimer(clock.now() + afterMs, inBackground);
  };
  const load = async () => {
    triedAt = clock.now();
    try {
      kept = await loadKept(options, kept);
      if (isFailing) logger.info("the keys are there again");
      isFailing = false;
      arm(freshMs);
    } catch (reason) {
      const text = reason instanceof KeySetError ? reason.message : "cannot be loaded";
      if (!isFailing)
        logger.warn(`no tokens can be checked anew: the keys ${text}`, { from, kept: kept !== undefined });
      isFailing = true;
      triedAt = clock.now();
      arm(Math.min(againMs, freshMs));
      throw reason;
    }
  };
  const reload = (): Promise<void> => {
    pending ??= load().finally(() => {
      pending = undefined;
    });
    return pending;
  };
  const inBackground = () => {
    reload().catch(() => {});
  };
  const present = (): Kept | undefined =>
    kept !== undefined && clock.now() - kept.loadedAt < keptMs ? kept : undefined;
  const presentOrLoaded = async (): Promise<Kept> => {
    if (!present() && (pending || clock.now() - triedAt >= againMs)) await reload().catch(() => {});
    const found = present();
    if (found) return found;
    throw new ServerError("overloaded", "The keys to check the token with cannot be loaded. Try again.", {
      retryAfterMs: againMs,
      reason: "no-keys",
    });
  };

  return {
    async key(header, token) {
      const found = await presentOrLoaded();
      try {
        return await found.find(header, token);
      } catch (reason) {
        const isUnknown = reason instanceof errors.JWKSNoMatchingKey;
        if (!isUnknown || clock.now() - triedAt < Math.min(unknownKeyMs, freshMs)) throw reason;
        await reload().catch(() => {});
        return await (await presentOrLoaded()).find(header, token);
      }
    },
    start: () => arm(0),
    isReady: () => present() !== undefined,
    reload,
    close() {
      isClosed = true;
      cancel();
    },
  };
}

async function loadKept({ load, clock, loadMs }: KeySourceOptions, before: Kept | undefined): Promise<Kept> {
  const giveUp = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = clock.setTimer(clock.now() + loadMs, () => {
    giveUp.abort();
    reject(new KeySetError(`did not come within ${loadMs} ms: check the URL and its server`));
  });
  try {
    const text = await Promise.race([load(giveUp.signal), late]);
    const find = text === before?.text ? before.find : createLocalJWKSet(await parseKeySet(text));
    return { text, find, loadedAt: clock.now() };
  } finally {
    cancel();
  }
}
