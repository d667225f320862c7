import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { ServerError } from "../errors/server-error.ts";
import { type Identity, parseScopes, type TokenVerifier, tokenExpired } from "./identity.ts";

export interface VerifierOptions {
  /** A secret, or a set of public keys. */
  readonly key: Uint8Array | JWTVerifyGetKey;
  readonly algorithms: readonly string[];
  readonly issuer: string;
  readonly audience: string;
  readonly now: () => number;
  /** How long an expired token still says who someone is. */
  readonly graceMs: number;
}

const leewaySeconds = 30;
const msPerSecond = 1000;
const maxUserBytes = 128;
const maxNameBytes = 256;
const requiredClaims = ["iss", "aud", "sub", "exp", "iat", "jti"];

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

/** The identity that verified claims speak of. */
export function identityFromClaims(claims: JWTPayload): Identity {
  const user = claims.sub ?? "";
  if (user === "" || Buffer.byteLength(user) > maxUserBytes) {
    throw new ServerError(
      "unauthenticated",
      `The token's sub must have 1 to ${maxUserBytes} bytes. Issue another token.`,
    );
  }
  const name = typeof claims.name === "string" && claims.name !== "" ? claims.name : user;
  return {
    user,
    displayName: cleanName(name),
    scopes: parseScopes(claims.scope),
    expiresAt: (claims.exp ?? 0) * msPerSecond,
    issuedAt: (claims.iat ?? 0) * msPerSecond,
  };
}

/** Without control and direction marks, at most 256 bytes. PROTOCOL T7. */
export function cleanName(name: string): string {
  const clean = name.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "");
  let short = clean;
  while (Buffer.byteLength(short) > maxNameBytes) short = short.slice(0, -1);
  return short.isWellFormed() ? short : short.slice(0, -1);
}

function refusal(reason: unknown): ServerError {
  const code = reason instanceof Error && "code" in reason ? String(reason.code) : "";
  if (code === "ERR_JWKS_TIMEOUT" || code === "") {
    return new ServerError("overloaded", "The keys to check the token with cannot be loaded. Try again.", {
      cause: reason,
    });
  }
  if (code === "ERR_JWT_EXPIRED") return tokenExpired(reason);
  return new ServerError("unauthenticated", "The token is not accepted. Get a new one and try again.", {
    cause: reason,
  });
}
