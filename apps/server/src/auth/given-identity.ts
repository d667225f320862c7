import type { Outside } from "../outside.ts";
import { type Identity, isUser, latestExpiry, type Scopes, type TokenVerifier } from "./identity.ts";
import { cleanName } from "./token-verifier.ts";

/**
 * An application's own verifier, asked in time. What it gives must be a whole `Identity`; else, or when it throws anything but a
 * `ServerError`, the request ends as "application-failed".
 */
export function givenVerifier(verify: TokenVerifier, { ask }: Outside): TokenVerifier {
  return async (token) => ask("verify", () => verify(token), readIdentity);
}

function readIdentity(given: unknown): Identity | undefined {
  if (!isRecord(given)) return undefined;
  const { user, displayName, expiresAt, issuedAt, expired } = given;
  const scopes = readScopes(given.scopes);
  if (!isUser(user) || typeof displayName !== "string" || !scopes || !isTime(expiresAt)) return undefined;
  if (issuedAt !== undefined && !isTime(issuedAt)) return undefined;
  return {
    user,
    displayName: cleanName(displayName) || cleanName(user),
    scopes,
    expiresAt: Math.min(expiresAt, latestExpiry),
    ...(issuedAt === undefined ? {} : { issuedAt }),
    ...(expired === true ? { expired } : {}),
  };
}

function readScopes(given: unknown): Scopes | undefined {
  if (!isRecord(given)) return undefined;
  const { place, receive, presence } = given;
  return typeof place === "boolean" && typeof receive === "boolean" && typeof presence === "boolean"
    ? { place, receive, presence }
    : undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(value) && value !== Number.NEGATIVE_INFINITY;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
