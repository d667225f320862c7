import { ServerError } from "../errors/server-error.ts";
import type {
  AuthConfig,
  IceConfig,
  LogLevel,
  ServerConfig,
  ServerLimits,
  ServerTimers,
  TicketConfig,
} from "./config.ts";
import {
  defaultServerLimits,
  defaultServerTimers,
  developmentLimits,
  developmentTicketSecret,
  developmentTimers,
} from "./defaults.ts";

/** What one may say of a server; everything else has a default. */
export interface ConfigOptions {
  /** Sign-in by name, any loopback origin, generous limits. Never for production. Default: false. */
  readonly dev?: boolean | undefined;
  /** Default: 127.0.0.1 in development, all interfaces otherwise. */
  readonly host?: string | undefined;
  /** Default: 8080. 0: any free one. */
  readonly port?: number | undefined;
  readonly allowedOrigins?: readonly string[] | undefined;
  readonly logLevel?: LogLevel | undefined;
  /** Required outside of development. */
  readonly auth?: AuthConfig | undefined;
  readonly ice?: Partial<IceConfig> | undefined;
  /** Default: a fixed secret in development, otherwise none. */
  readonly tickets?: Partial<TicketConfig> | undefined;
  readonly timers?: Partial<ServerTimers> | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
}

/** What is used when nothing is said. */
export const defaultPort = 8080;

/** The whole configuration. Throws `ServerError` "bad-config" with the fix. UX 7.6. */
export function resolveConfig(options: ConfigOptions): ServerConfig {
  const dev = options.dev ?? false;
  const auth = options.auth ?? (dev ? ({ kind: "development", secret: undefined } as const) : undefined);
  if (!auth) {
    throw new ServerError(
      "bad-config",
      "No keys to check tokens with: set PEERLINE_JWKS_URL or PEERLINE_JWKS_FILE, PEERLINE_TOKEN_ISSUER and PEERLINE_TOKEN_AUDIENCE, or start with --dev.",
    );
  }
  const ice = { stunUrls: [], turnUrls: [], turnSecret: undefined, ...options.ice };
  if (ice.turnUrls.length > 0 && ice.turnSecret === undefined) {
    throw new ServerError(
      "bad-config",
      "TURN servers without a secret: set PEERLINE_TURN_SECRET or PEERLINE_TURN_SECRET_FILE.",
    );
  }
  return {
    dev,
    host: options.host ?? (dev ? "127.0.0.1" : "::"),
    port: options.port ?? defaultPort,
    allowedOrigins: options.allowedOrigins ?? [],
    logLevel: options.logLevel ?? "info",
    auth,
    ice,
    tickets: resolveTickets(options.tickets ?? {}, dev),
    timers: { ...defaultServerTimers, ...(dev ? developmentTimers : {}), ...options.timers },
    limits: { ...defaultServerLimits, ...(dev ? developmentLimits : {}), ...options.limits },
  };
}

const minTicketSecretBytes = 32;

function resolveTickets({ secret, previousSecret }: Partial<TicketConfig>, dev: boolean): TicketConfig {
  assertTicketSecret("PEERLINE_TICKET_SECRET", secret);
  assertTicketSecret("PEERLINE_TICKET_SECRET_PREVIOUS", previousSecret);
  if (previousSecret !== undefined && secret === undefined) {
    throw new ServerError(
      "bad-config",
      "PEERLINE_TICKET_SECRET_PREVIOUS without a present one: set PEERLINE_TICKET_SECRET too.",
    );
  }
  return { secret: secret ?? (dev ? developmentTicketSecret : undefined), previousSecret };
}

function assertTicketSecret(name: string, secret: string | undefined): void {
  if (secret === undefined || Buffer.byteLength(secret) >= minTicketSecretBytes) return;
  throw new ServerError(
    "bad-config",
    `${name} is too short: use at least ${minTicketSecretBytes} bytes, such as from "openssl rand -hex 32".`,
  );
}
