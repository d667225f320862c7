// For applications that run a server as a part of their own program.
export type { Identity, Scopes, TokenVerifier } from "./auth/identity.ts";
export type {
  AuthConfig,
  IceConfig,
  LogLevel,
  ServerConfig,
  ServerLimits,
  ServerTimers,
  TicketConfig,
} from "./config/config.ts";
export type { ConfigOptions } from "./config/resolve.ts";
export { createRoutes, type PeerlineRoutes, type RouteOptions } from "./create-routes.ts";
export { ServerError, type ServerErrorCode, type ServerErrorFields } from "./errors/server-error.ts";
export { type CallPermission, closedPolicy, developmentPolicy, type Policy } from "./policy.ts";
export { type PeerlineServer, startServer } from "./start-server.ts";

// For integrators: rules, stores, clocks and randomness of their own.

export type { Rate } from "./limits/token-bucket.ts";
export type { MailboxCaps, MailboxEntry, MailboxHead } from "./mailbox/mailbox.ts";
export type { IdSource } from "./services.ts";
export { createMemoryStore } from "./store/memory.ts";
export {
  type Key,
  key,
  type MailboxRead,
  type SetOptions,
  type Store,
  type Transaction,
} from "./store/port.ts";
export type { ServerClock } from "./system-clock.ts";
