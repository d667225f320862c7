import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet } from "jose";
import type { ServerConfig } from "../config/config.ts";
import { ServerError } from "../errors/server-error.ts";
import { createDevelopmentAuth } from "./development.ts";
import type { TokenVerifier } from "./identity.ts";
import { createTokenVerifier } from "./token-verifier.ts";

/** Checks tokens, and in development issues them. */
export interface Authenticator {
  readonly verify: TokenVerifier;
  readonly issue: ((user: string, displayName: string) => Promise<string>) | undefined;
}

const secretBytes = 32;
const publicKeyAlgorithms = ["ES256", "EdDSA", "RS256"];

/** From the configuration. Throws `ServerError` "bad-config" when the keys cannot be read. PROTOCOL 1.12. */
export async function createAuthenticator(config: ServerConfig, now: () => number): Promise<Authenticator> {
  const { auth } = config;
  const { tokenLifeMs, tokenGraceMs: graceMs } = config.timers;
  if (auth.kind === "development") {
    const secret = auth.secret === undefined ? randomBytes(secretBytes) : Buffer.from(auth.secret);
    return createDevelopmentAuth({ secret, tokenLifeMs, graceMs, now });
  }
  const key =
    auth.kind === "jwks-url"
      ? createRemoteJWKSet(new URL(auth.url))
      : createLocalJWKSet(await readKeys(auth.file));
  const { issuer, audience } = auth;
  return {
    verify: createTokenVerifier({ key, algorithms: publicKeyAlgorithms, issuer, audience, now, graceMs }),
    issue: undefined,
  };
}

async function readKeys(file: string): Promise<JSONWebKeySet> {
  try {
    const keys: unknown = JSON.parse(await readFile(file, "utf8"));
    if (isKeySet(keys)) return keys;
  } catch (cause) {
    throw unreadable(file, cause);
  }
  throw unreadable(file, undefined);
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === "object" && value !== null && "keys" in value && Array.isArray(value.keys);
}

function unreadable(file: string, cause: unknown): ServerError {
  return new ServerError(
    "bad-config",
    `PEERLINE_JWKS_FILE: ${file} is no JSON Web Key Set. Point it to {"keys":[…]}.`,
    { cause },
  );
}
