import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { createTokenVerifier } from "./token-verifier.ts";

const issuer = "peerline-development";
const audience = "peerline";
const msPerSecond = 1000;

/** Sign-in by name alone, for development: tokens that only this process (or this secret) accepts. PROTOCOL 1.12. */
export function createDevelopmentAuth(options: {
  readonly secret: Uint8Array;
  readonly tokenLifeMs: number;
  readonly graceMs: number;
  readonly now: () => number;
}) {
  const { secret, tokenLifeMs, graceMs, now } = options;
  return {
    verify: createTokenVerifier({
      key: secret,
      algorithms: ["HS256"],
      issuer,
      audience,
      now,
      latest: now,
      graceMs,
    }),
    async issue(user: string, displayName: string): Promise<string> {
      const issuedAt = Math.floor(now() / msPerSecond);
      return await new SignJWT({ name: displayName })
        .setProtectedHeader({ alg: "HS256" })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(user)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + Math.floor(tokenLifeMs / msPerSecond))
        .setJti(randomUUID())
        .sign(secret);
    },
  };
}
