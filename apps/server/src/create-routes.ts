import { randomBytes } from "node:crypto";
import type { ConnectRouter } from "@connectrpc/connect";
import type { Logger } from "@peerline/call-machine";
import { createAuthenticator, givenAuthenticator } from "./auth/authenticator.ts";
import { givenVerifier } from "./auth/given-identity.ts";
import type { TokenVerifier } from "./auth/identity.ts";
import { createRevocations, refusingRevoked } from "./auth/revocations.ts";
import { leewayMs } from "./auth/token-verifier.ts";
import { ticketSecret } from "./calls/ticket.ts";
import { createTickets, type Tickets } from "./calls/tickets.ts";
import type { ServerConfig } from "./config/config.ts";
import { type ConfigOptions, resolveConfig } from "./config/resolve.ts";
import { guardedClock, guardedLogger, guardedStore } from "./guarded.ts";
import { loggedAddress } from "./http/client-address.ts";
import { createLimiters } from "./limits/limiters.ts";
import { createTally } from "./logging/tally.ts";
import { createOutside } from "./outside.ts";
import { closedPolicy, developmentPolicy, type Policy, rulesOf } from "./policy.ts";
import { createServiceRoutes } from "./rpc/routes.ts";
import type { IdSource, Services } from "./services.ts";
import { createSessionService, type SessionService } from "./session/session-service.ts";
import { createMemoryStore } from "./store/memory.ts";
import type { Store } from "./store/port.ts";
import { createSystemClock, type ServerClock, wallNow } from "./system-clock.ts";
import { createSystemIds } from "./system-ids.ts";

/** The configuration, and what may be replaced in tests and by an application that embeds the server. */
export interface RouteOptions extends ConfigOptions {
  /** Default: the platform's. */
  readonly clock?: ServerClock;
  /** Default: unguessable ids. */
  readonly ids?: IdSource;
  /** Default: everyone may do everything in development; calls only otherwise. */
  readonly policy?: Policy;
  /** Default: in memory. Closed with the routes. */
  readonly store?: Store;
  /** Default: silent. */
  readonly logger?: Logger;
  /** Checks tokens in the place of the configured keys; then there is no development sign-in either. */
  readonly verify?: TokenVerifier;
}

/** The RPCs and what stands behind them. */
export interface PeerlineRoutes {
  /** For connect's `createRouterTransport`, or an adapter of your own. */
  readonly routes: (router: ConnectRouter) => void;
  readonly config: ServerConfig;
  readonly sessions: SessionService;
  /** There are keys to check tokens with. */
  hasKeys(): boolean;
  /** Loads the application's keys anew; undefined where there are none. Rejects when it fails: those of before stay good. */
  readonly reload: (() => Promise<void>) | undefined;
  /** Ends every stream, then frees all timers. */
  close(): Promise<void>;
}

/** The signaling server without a listening port. Throws `ServerError` "bad-config". */
export async function createRoutes(options: RouteOptions = {}): Promise<PeerlineRoutes> {
  const config = resolveConfig(options);
  const logger = guardedLogger(options.logger ?? silentLogger);
  const clock = guardedClock(options.clock ?? createSystemClock(), logger);
  const isIssuedHere = options.verify === undefined && config.auth.kind === "development";
  const outside = createOutside({ clock, logger, answerMs: config.timers.applicationMs });
  const auth = options.verify
    ? givenAuthenticator(givenVerifier(options.verify, outside))
    : await createAuthenticator(config, clock, logger);
  const { mailboxEvents: maxEvents, mailboxBytes: maxBytes } = config.limits;
  const services: Services = {
    config,
    clock,
    ids: options.ids ?? createSystemIds(),
    store: options.store
      ? guardedStore(options.store, clock)
      : createMemoryStore({ clock, caps: { maxEvents, maxBytes } }),
    policy: rulesOf(options.policy ?? (config.dev ? developmentPolicy : closedPolicy), outside),
    limiters: createLimiters(config.limits, clock.now),
    tickets: ticketsFrom(config, logger),
    revocations: createRevocations(() => wallNow(clock), isIssuedHere ? 0 : leewayMs),
    logger,
  };
  const refusals = createTally(clock, logger.info, "requests refused");
  const sessions = createSessionService(services);
  return {
    routes: createServiceRoutes({
      services,
      sessions,
      verify: refusingRevoked(auth.verify, services.revocations),
      issue: auth.issue,
      onRefused: (reason, address) => refusals.note(reason, { address: loggedAddress(address) }),
    }),
    hasKeys: auth.isReady,
    reload: auth.reload,
    config,
    sessions,
    async close() {
      await sessions.drain();
      sessions.close();
      auth.close();
      refusals.close();
      await services.store.close();
    },
  };
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {} };

const randomSecretBytes = 32;

function ticketsFrom({ tickets, timers }: ServerConfig, logger: Logger): Tickets {
  const { secret, previousSecret } = tickets;
  if (secret === undefined) {
    logger.warn(
      "calls cannot be re-attached after a restart: set PEERLINE_TICKET_SECRET to 32 bytes or more",
    );
  }
  const present = secret === undefined ? randomBytes(randomSecretBytes) : Buffer.from(secret);
  const previous = previousSecret === undefined ? [] : [ticketSecret(Buffer.from(previousSecret))];
  return createTickets([ticketSecret(present), ...previous], timers.ticketLifeMs);
}
