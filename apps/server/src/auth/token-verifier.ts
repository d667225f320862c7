import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { ServerError } from "../errors/server-error.ts";
import {
  type Identity,
  isUser,
  latestExpiry,
  parseScopes,
  type TokenVerifier,
  tokenExpired,
} from "./identity.ts";

export interface VerifierOptions {
  /** A secret, or a set of public keys. */
  readonly key: Uint8Array | JWTVerifyGetKey;
  readonly algorithms: readonly string[];
  readonly issuer: string;
  readonly audience: string;
  /** The wall clock, ms. */
  readonly now: () => number;
  /** The latest moment that it may be for whoever issues tokens: one that was issued after it is not accepted. */
  readonly latest: () => number;
  /** How long an expired token still says who someone is. */
  readonly graceMs: number;
}

const leewaySeconds = 30;
/** How far the clocks of a token's issuer and of this server may be apart. */
export const leewayMs = leewaySeconds * 1000;
const msPerSecond = 1000;
const maxNameBytes = 256;
const requiredClaims = ["iss", "aud", "sub", "exp", "iat", "jti"];
const checkedClaims = [...requiredClaims, "nbf", "typ"];

/**
 * The algorithm is fixed by configuration, never by the token; 30 s of leeway. After those and for `graceMs` an expired
 * token gives an identity that is marked so. PROTOCOL 1.12.
 */
export function createTokenVerifier(options: VerifierOptions): TokenVerifier {
  const settings = {
    algorithms: [...options.algorithms],
    issuer: options.issuer,
    audience: options.audience,
    requiredClaims,
  };
  const claimsOf = async (token: string, clockTolerance: number): Promise<JWTPayload> => {
    const { key, now } = options;
    const rules = { ...settings, clockTolerance, currentDate: new Date(now()) };
    const verified =
      typeof key === "function" ? await jwtVerify(token, key, rules) : await jwtVerify(token, key, rules);
    assertIssued(verified.payload, options.latest());
    return verified.payload;
  };
  const verifyLate = async (token: string, expired: unknown): Promise<Identity> => {
    const claims = await claimsOf(token, options.graceMs / msPerSecond).catch(() => undefined);
    if (!claims) throw expired;
    return { ...identityFromClaims(claims), expired: true };
  };
  return async (token) => {
    try {
      return identityFromClaims(await claimsOf(token, leewaySeconds));
    } catch (reason) {
      if (reason instanceof ServerError) throw reason;
      if (reason instanceof errors.JWTExpired) return await verifyLate(token, refusal(reason));
      throw refusal(reason);
    }
  };
}

/** A token from the future would outlive its revocation. */
function assertIssued({ iat = 0 }: JWTPayload, latest: number): void {
  if (iat * msPerSecond <= latest + leewayMs) return;
  throw new ServerError(
    "unauthenticated",
    "The token was issued in the future. Set the clocks of its issuer and of this server right.",
    { reason: "from-the-future" },
  );
}

/** The identity that verified claims speak of. */
export function identityFromClaims(claims: JWTPayload): Identity {
  // What a token says has any type, whatever the library's types promise.
  const user: unknown = claims.sub;
  if (!isUser(user)) {
    throw new ServerError(
      "unauthenticated",
      "The token's sub must be a text of 1 to 128 bytes, in whole characters. Issue another token.",
      { reason: "claim-sub" },
    );
  }
  const name = typeof claims.name === "string" ? cleanName(claims.name) : "";
  return {
    user,
    displayName: name === "" ? cleanName(user) : name,
    scopes: parseScopes(claims.scope),
    expiresAt: Math.min((claims.exp ?? 0) * msPerSecond, latestExpiry),
    issuedAt: (claims.iat ?? 0) * msPerSecond,
  };
}

/** Without control and direction marks and halves of characters, at most 256 bytes. PROTOCOL T7. */
export function cleanName(name: string): string {
  const clean = name.toWellFormed().replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "");
  let short = clean;
  while (Buffer.byteLength(short) > maxNameBytes) short = short.slice(0, -1);
  return short.isWellFormed() ? short : short.slice(0, -1);
}

function refusal(reason: unknown): ServerError {
  const code = reason instanceof errors.JOSEError ? reason.code : "";
  if (code === "ERR_JWT_EXPIRED") return tokenExpired(reason);
  const fields = { cause: reason, reason: wordOf(reason, code) };
  return new ServerError(
    "unauthenticated",
    "The token is not accepted. Get a new one and try again.",
    fields,
  );
}

const words: Readonly<Record<string, string>> = {
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "signature",
  ERR_JWKS_NO_MATCHING_KEY: "unknown-key",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: "no-kid",
  ERR_JOSE_ALG_NOT_ALLOWED: "algorithm",
  ERR_JWS_INVALID: "malformed",
  ERR_JWT_INVALID: "malformed",
};

/** For the log: never a text of the token's. */
function wordOf(reason: unknown, code: string): string {
  if (!(reason instanceof errors.JWTClaimValidationFailed)) return words[code] ?? "not-accepted";
  return checkedClaims.includes(reason.claim) ? `claim-${reason.claim}` : "claim";
}
