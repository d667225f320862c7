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
}

export function createLimiters(limits: ServerLimits, now: () => number): Limiters {
  return {
    commands: createRateLimiter(limits.commands, now),
    invites: createRateLimiter(limits.invites, now),
    unanswered: createRateLimiter(limits.unanswered, now),
    opens: createRateLimiter(limits.opens, now),
    polls: createRateLimiter(limits.polls, now),
  };
}
