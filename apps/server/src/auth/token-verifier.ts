import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { ServerError } from "../errors/server-error.ts";
import { type Identity, parseScopes, type TokenVerifier } from "./identity.ts";

export interface VerifierOptions {
  /** A secret, or a set of public keys. */
  readonly key: Uint8Array | JWTVerifyGetKey;
  readonly algorithms: readonly string[];
  readonly issuer: string;
  readonly audience: string;
  readonly now: () => number;
}

const leewaySeconds = 30;
const msPerSecond = 1000;
const maxUserBytes = 128;
const maxNameBytes = 256;
const requiredClaims = ["iss", "aud", "sub", "exp", "iat", "jti"];

/** PROTOCOL 1.12: the algorithm is fixed by configuration, never by the token; 30 s of leeway. */
export function createTokenVerifier(options: VerifierOptions): TokenVerifier {
  const settings = {
    algorithms: [...options.algorithms],
    issuer: options.issuer,
    audience: options.audience,
    clockTolerance: leewaySeconds,
    requiredClaims,
  };
  return async (token) => {
    const currentDate = new Date(options.now());
    try {
      const { payload } =
        typeof options.key === "function"
          ? await jwtVerify(token, options.key, { ...settings, currentDate })
          : await jwtVerify(token, options.key, { ...settings, currentDate });
      return identityFromClaims(payload);
    } catch (reason) {
      if (reason instanceof ServerError) throw reason;
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
  const text = code === "ERR_JWT_EXPIRED" ? "The token has expired." : "The token is not accepted.";
  return new ServerError("unauthenticated", `${text} Get a new one and try again.`, { cause: reason });
}
