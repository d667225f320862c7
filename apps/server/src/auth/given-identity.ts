import type { Outside } from "../outside.ts";
import type { Identity, Scopes, TokenVerifier } from "./identity.ts";

const maxUserBytes = 128;
/** "Never" is a number that a duration on the wire can hold. */
const latest = Date.UTC(9999, 0, 1);

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
    displayName: displayName === "" ? user : displayName,
    scopes,
    expiresAt: Math.min(expiresAt, latest),
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

function isUser(value: unknown): value is string {
  return typeof value === "string" && value !== "" && Buffer.byteLength(value) <= maxUserBytes;
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(value) && value !== Number.NEGATIVE_INFINITY;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
