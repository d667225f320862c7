import type { AccessToken } from "../peerline.ts";
import type { Switchboard } from "./fault-switches.ts";

/** Which tokens the server no longer takes. */
export interface TokenFaults {
  isExpired(token: string): boolean;
  /** `getToken`, watched: what it hands out can be made to expire. */
  watch(getToken: () => Promise<AccessToken>): () => Promise<AccessToken>;
}

export function createTokenFaults(board: Switchboard): TokenFaults {
  const handedOut = new Set<string>();
  const expired = new Set<string>();
  board.on("expire-token", () => {
    for (const token of handedOut) expired.add(token);
    if (handedOut.size > 0) board.noteToken("expired");
  });
  return {
    isExpired: (token) => expired.has(token),
    watch: (getToken) => async () => {
      const fresh = await getToken();
      handedOut.add(fresh.token);
      board.noteToken(expired.has(fresh.token) ? "expired" : "good");
      return fresh;
    },
  };
}

const scheme = /^Bearer (.+)$/i;

/** The token of an Authorization header. */
export function bearerOf(headers: Headers): string | undefined {
  return scheme.exec(headers.get("Authorization") ?? "")?.[1];
}
