import { SignalingError } from "./signaling-error.ts";

/** A token that can go into a header, and how long it is good, in ms; undefined: until the server says otherwise. */
export interface UsableToken {
  readonly token: string;
  readonly validForMs: number | undefined;
}

/** A header's value in which nothing is hidden: RFC 6750, and what JWTs are made of. */
const tokenPattern = /^[\x21-\x7e]+$/;
/** More than any server takes in one header. */
const maxTokenLength = 16_384;

/** What `getToken` gave, whatever it is. Throws `no-token`, which names the fix and never the token. */
export function usableToken(given: unknown): UsableToken {
  if (typeof given !== "object" || given === null) {
    throw useless(`it gave ${given === null ? "null" : typeof given}: give { token, validForMs }`);
  }
  const { token, validForMs }: Partial<Record<keyof UsableToken, unknown>> = given;
  if (typeof token !== "string" || token === "") throw useless("it gave no text as token");
  if (token.length > maxTokenLength) throw useless(`its token has ${token.length} characters`);
  if (!tokenPattern.test(token))
    throw useless("its token holds blanks or other characters that no token has");
  if (validForMs !== undefined && !(typeof validForMs === "number" && validForMs > 0)) {
    throw useless("its validForMs is no time that lies ahead: give milliseconds, or leave it out");
  }
  return { token, validForMs };
}

function useless(why: string): SignalingError {
  return new SignalingError("no-token", why);
}
