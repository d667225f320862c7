import type { ServerLimits } from "../config/config.ts";
import { createRateLimiter, type RateLimiter } from "./rate-limiter.ts";

/** The server's rate limits by what they count. PROTOCOL 1.11. */
export interface Limiters {
  /** By endpoint. */
  readonly commands: RateLimiter;
  /** By user. */
  readonly invites: RateLimiter;
  /** By caller and callee; a call that is accepted is not counted. */
  readonly unanswered: RateLimiter;
  /** By endpoint. */
  readonly opens: RateLimiter;
  /** By endpoint. */
  readonly polls: RateLimiter;
  /** By user. */
  readonly userOpens: RateLimiter;
  /** By address; see `addressGroup`. */
  readonly addressOpens: RateLimiter;
  /** By user. */
  readonly sends: RateLimiter;
  /** By user: a hang-up that comes when `sends` are used up. */
  readonly hangUps: RateLimiter;
  /** By user and method. */
  readonly rareRequests: RateLimiter;
  /** By address. */
  readonly signIns: RateLimiter;
}

export function createLimiters(limits: ServerLimits, now: () => number): Limiters {
  return {
    commands: createRateLimiter(limits.commands, now),
    invites: createRateLimiter(limits.invites, now),
    unanswered: createRateLimiter(limits.unanswered, now),
    opens: createRateLimiter(limits.opens, now),
    polls: createRateLimiter(limits.polls, now),
    userOpens: createRateLimiter(limits.userOpens, now),
    addressOpens: createRateLimiter(limits.addressOpens, now),
    sends: createRateLimiter(limits.sends, now),
    hangUps: createRateLimiter(limits.commands, now),
    rareRequests: createRateLimiter(limits.rareRequests, now),
    signIns: createRateLimiter(limits.signIns, now),
  };
}
