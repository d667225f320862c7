import { createContextKey, type HandlerContext } from "@connectrpc/connect";
import { ServerError } from "../errors/server-error.ts";

/** What a token allows. Without a `scope` claim: everything. PROTOCOL 1.12. */
export interface Scopes {
  readonly place: boolean;
  readonly receive: boolean;
  readonly presence: boolean;
}

/** The signed-in user of a request, from the token alone. */
export interface Identity {
  readonly user: string;
  readonly displayName: string;
  readonly scopes: Scopes;
  /** The server's wall clock, ms. */
  readonly expiresAt: number;
  /** The server's wall clock, ms. Default: 0. */
  readonly issuedAt?: number;
  /** The token has expired a short while ago: good for the accepted calls of its endpoint alone. PROTOCOL 1.12. */
  readonly expired?: true;
}

const maxUserBytes = 128;
/** Who somebody may be: 1 to 128 bytes of whole characters, because half of one is another name for the next who reads it. */
export function isUser(value: unknown): value is string {
  if (typeof value !== "string" || value === "") return false;
  return Buffer.byteLength(value) <= maxUserBytes && value.isWellFormed();
}

/** The latest moment that a token may be good until, ms: a duration on the wire cannot hold every number. */
export const latestExpiry = Date.UTC(9999, 0, 1);

/** Verifies a token; throws `ServerError` "unauthenticated". */
export type TokenVerifier = (token: string) => Promise<Identity>;

export const identityContext = createContextKey<Identity | undefined>(undefined, { description: "identity" });

/** The identity that the request gate has put there. Throws `ServerError` "unauthenticated". */
export function identityOf(context: HandlerContext): Identity {
  const identity = identityInGraceOf(context);
  if (identity.expired) throw tokenExpired();
  return identity;
}

/** The same, also of a token that has expired a short while ago: the caller checks what it is used for. */
export function identityInGraceOf(context: HandlerContext): Identity {
  const identity = context.values.get(identityContext);
  if (!identity) throw new ServerError("unauthenticated", "Send `Authorization: Bearer <token>`.");
  return identity;
}

export function tokenExpired(cause?: unknown): ServerError {
  return new ServerError("unauthenticated", "The token has expired. Get a new one and try again.", {
    cause,
    reason: "expired",
  });
}

/** The token of an Authorization header; throws when there is none. */
export function bearerToken(header: string | null): string {
  const match = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? "");
  if (match?.[1]) return match[1];
  throw new ServerError(
    "unauthenticated",
    "The request carries no token. Send `Authorization: Bearer <token>`.",
    { reason: header === null ? "no-token" : "malformed" },
  );
}

const every: Scopes = { place: true, receive: true, presence: true };

/** The scopes of a space-separated claim. */
export function parseScopes(claim: unknown): Scopes {
  if (typeof claim !== "string") return every;
  const words = claim.split(" ");
  return {
    place: words.includes("call:place"),
    receive: words.includes("call:receive"),
    presence: words.includes("presence"),
  };
}
