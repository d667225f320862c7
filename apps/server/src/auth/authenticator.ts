import { randomBytes } from "node:crypto";
import type { Logger } from "@peerline/call-machine";
import type { AuthConfig, ServerConfig } from "../config/config.ts";
import { badConfig, type ServerError } from "../errors/server-error.ts";
import { type ServerClock, wallNow } from "../system-clock.ts";
import { createDevelopmentAuth } from "./development.ts";
import type { TokenVerifier } from "./identity.ts";
import { KeySetError, publicKeyAlgorithms } from "./key-set.ts";
import { createKeySource, type KeySource } from "./key-source.ts";
import { fetchKeys, readKeyFile } from "./load-keys.ts";
import { createTokenVerifier } from "./token-verifier.ts";

/** Checks tokens, and in development issues them. */
export interface Authenticator {
  readonly verify: TokenVerifier;
  readonly issue: ((user: string, displayName: string) => Promise<string>) | undefined;
  /** There are keys to check tokens with. */
  isReady(): boolean;
  /** Loads the keys anew; undefined where there are none to load. Rejects when it fails: those of before stay good. */
  readonly reload: (() => Promise<void>) | undefined;
  close(): void;
}

/** A file is looked at so often. */
const fileFreshMs = 10_000;
const secretBytes = 32;

/**
 * From the configuration. Throws `ServerError` "bad-config" when a file of keys is of no use; keys behind a URL may come
 * later. PROTOCOL 1.12.
 */
export async function createAuthenticator(
  config: ServerConfig,
  clock: ServerClock,
  logger: Logger,
): Promise<Authenticator> {
  const { auth } = config;
  const { tokenLifeMs, tokenGraceMs: graceMs } = config.timers;
  const now = () => wallNow(clock);
  if (auth.kind === "development") {
    const secret = auth.secret === undefined ? randomBytes(secretBytes) : Buffer.from(auth.secret);
    const development = createDevelopmentAuth({ secret, tokenLifeMs, graceMs, now });
    return { ...development, isReady: () => true, reload: undefined, close() {} };
  }
  const { issuer, audience } = auth;
  const keys = await keysOf(auth, config, clock, logger);
  const latest = () => Math.max(now(), clock.now());
  const { key } = keys;
  return {
    verify: createTokenVerifier({
      key,
      algorithms: publicKeyAlgorithms,
      issuer,
      audience,
      now,
      latest,
      graceMs,
    }),
    issue: undefined,
    isReady: keys.isReady,
    reload: keys.reload,
    close: keys.close,
  };
}

/** The verifier of an embedding program. */
export function givenAuthenticator(verify: TokenVerifier): Authenticator {
  return { verify, issue: undefined, isReady: () => true, reload: undefined, close() {} };
}

async function keysOf(
  auth: Exclude<AuthConfig, { kind: "development" }>,
  { timers }: ServerConfig,
  clock: ServerClock,
  logger: Logger,
): Promise<KeySource> {
  const common = { clock, logger, loadMs: timers.keysMs };
  if (auth.kind === "jwks-url") {
    const { keysFreshMs: freshMs, keysKeptMs: keptMs } = timers;
    const keys = createKeySource({
      ...common,
      from: withoutQuery(auth.url),
      freshMs,
      keptMs,
      load: (signal) => fetchKeys(auth.url, signal),
    });
    keys.start();
    return keys;
  }
  const freshMs = Math.min(fileFreshMs, timers.keysFreshMs);
  const load = (signal: AbortSignal) => readKeyFile(auth.file, signal);
  let hasStarted = false;
  const afterStart: Logger = {
    ...logger,
    warn: (message, fields) => {
      if (hasStarted) logger.warn(message, fields);
    },
  };
  const keptMs = Number.POSITIVE_INFINITY;
  const keys = createKeySource({ ...common, from: auth.file, logger: afterStart, freshMs, keptMs, load });
  await keys.reload().catch((cause: unknown) => {
    keys.close();
    throw unusable(auth.file, cause);
  });
  hasStarted = true;
  return keys;
}

/** A query may hold what gives access to the keys' server. */
function withoutQuery(text: string): string {
  const url = new URL(text);
  return `${url.origin}${url.pathname}`;
}

function unusable(file: string, cause: unknown): ServerError {
  const text = cause instanceof KeySetError ? cause.message : "cannot be read";
  return badConfig(`PEERLINE_JWKS_FILE: the keys of ${file} ${text}.`, cause);
}
