import { ServerError } from "../errors/server-error.ts";
import type { Identity, TokenVerifier } from "./identity.ts";

/** Users whose tokens are good no more, in this process and as long as it lives. PROTOCOL 1.12. */
export interface Revocations {
  /** Refuses every token of the user that was issued up to now. */
  revoke(user: string): void;
  /** Throws `ServerError` "revoked". */
  assertGood(identity: Identity): void;
}

/**
 * `now` is the wall clock. The issuer's clock may be `leewayMs` ahead of it, so a token counts as issued before a revocation
 * until so long after it. Nothing is forgotten, since nothing bounds how long an application's tokens live.
 */
export function createRevocations(now: () => number, leewayMs: number): Revocations {
  const revokedUntil = new Map<string, number>();
  return {
    revoke(user) {
      revokedUntil.set(user, Math.max(now() + leewayMs, revokedUntil.get(user) ?? 0));
    },
    assertGood({ user, issuedAt = 0 }) {
      const until = revokedUntil.get(user);
      if (until === undefined || (issuedAt > until && issuedAt <= now() + leewayMs)) return;
      // One from later than now may be from before the revocation: its time is no proof then either.
      if (issuedAt > until) revokedUntil.set(user, issuedAt);
      throw new ServerError(
        "revoked",
        "The token was revoked. Sign in again, or ask the application's operator.",
        { reason: "revoked" },
      );
    },
  };
}

/** Verifies as before, and refuses what was revoked. */
export function refusingRevoked(verify: TokenVerifier, revocations: Revocations): TokenVerifier {
  return async (token) => {
    const identity = await verify(token);
    revocations.assertGood(identity);
    return identity;
  };
}
