import { ServerError } from "../errors/server-error.ts";
import type { Identity, TokenVerifier } from "./identity.ts";

/** Users whose tokens are good no more, in this process. PROTOCOL 1.12. */
export interface Revocations {
  /** Refuses every token of the user that was issued up to now. */
  revoke(user: string): void;
  /** Throws `ServerError` "revoked". */
  assertGood(identity: Identity): void;
}

/** No token lives longer, so that what was revoked before need not be remembered. */
const longestTokenMs = 24 * 60 * 60 * 1000;

export function createRevocations(now: () => number): Revocations {
  const revokedAt = new Map<string, number>();
  return {
    revoke(user) {
      for (const [known, at] of revokedAt) if (now() - at > longestTokenMs) revokedAt.delete(known);
      revokedAt.set(user, now());
    },
    assertGood({ user, issuedAt = 0 }) {
      const at = revokedAt.get(user);
      if (at === undefined || issuedAt > at) return;
      throw new ServerError(
        "revoked",
        "The token was revoked. Sign in again, or ask the application's operator.",
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
