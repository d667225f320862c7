import type { Logger } from "@peerline/call-machine";
import type { Revocations } from "./auth/revocations.ts";
import type { Tickets } from "./calls/tickets.ts";
import type { ServerConfig } from "./config/config.ts";
import type { Limiters } from "./limits/limiters.ts";
import type { Rules } from "./policy.ts";
import type { Store } from "./store/port.ts";
import type { ServerClock } from "./system-clock.ts";

/** Randomness, injected so that tests can name things. All are lower-case hex. */
export interface IdSource {
  /** 8 bytes. */
  epoch(): string;
  /** 16 bytes. */
  party(): string;
  /** 0 ≤ x < 1, for spreading. */
  random(): number;
}

/** What every part of the server is given. */
export interface Services {
  readonly config: ServerConfig;
  readonly clock: ServerClock;
  readonly ids: IdSource;
  readonly store: Store;
  readonly policy: Rules;
  readonly limiters: Limiters;
  readonly tickets: Tickets;
  readonly revocations: Revocations;
  readonly logger: Logger;
}
